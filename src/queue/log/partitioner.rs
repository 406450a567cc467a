//! Which partition a key belongs to: what the client of a producer does, before it appends.
//!
//! Clients differ, so the same key may lie in different partitions when producers of both kinds write to a topic.

/// Whose client it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Partitioner {
    /// Kafka's own, in Java: [`murmur2`], without its sign (`BuiltInPartitioner.partitionForKey`).
    #[default]
    Java,
    /// librdkafka's `consistent` and, for records that have a key, its default `consistent_random`: [`crc32`].
    Librdkafka,
}

impl Partitioner {
    /// The partition of `key` among so many; 0 where there are none.
    pub fn partition_of(self, key: &[u8], partitions: u32) -> u32 {
        let hash = match self {
            Self::Java => murmur2(key) & 0x7fff_ffff,
            Self::Librdkafka => crc32(key),
        };
        hash.checked_rem(partitions).unwrap_or(0)
    }
}

/// MurmurHash2 with Kafka's seed, as `org.apache.kafka.common.utils.Utils.murmur2`; Java reads it as a signed number.
pub fn murmur2(bytes: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const FACTOR: u32 = 0x5bd1_e995;
    let (words, rest) = bytes.as_chunks::<4>();
    // Kafka's lengths are of 32 bits.
    let mut hash = SEED ^ bytes.len() as u32;
    for word in words {
        let word = u32::from_le_bytes(*word).wrapping_mul(FACTOR);
        let word = (word ^ (word >> 24)).wrapping_mul(FACTOR);
        hash = hash.wrapping_mul(FACTOR) ^ word;
    }
    if !rest.is_empty() {
        let bytes = rest.iter().rev();
        hash ^= bytes.fold(0, |word, byte| (word << 8) | u32::from(*byte));
        hash = hash.wrapping_mul(FACTOR);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(FACTOR);
    hash ^ (hash >> 15)
}

/// CRC-32 as zlib and librdkafka (`rd_crc32`) have it: polynomial 0x04c11db7, reflected.
pub fn crc32(bytes: &[u8]) -> u32 {
    const REFLECTED: u32 = 0xedb8_8320;
    let step = |crc: u32, _| (crc >> 1) ^ (REFLECTED & (crc & 1).wrapping_neg());
    let rest = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), step)
    });
    !rest
}
