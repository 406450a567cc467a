//! Which partition a key belongs to.

use queuelab::queue::{Partitioner, crc32, murmur2};

/// `UtilsTest.testMurmur2` of Kafka's clients.
#[test]
fn murmur2_gives_what_kafkas_own_test_says() {
    let cases = [
        ("21", -973_932_308),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        (
            "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8",
            -58_897_971,
        ),
        ("abc", 479_470_107),
    ];
    for (key, expected) in cases {
        assert_eq!(murmur2(key.as_bytes()).cast_signed(), expected, "{key}");
    }
}

/// The check value of CRC-32/ISO-HDLC, which zlib's is.
#[test]
fn crc32_gives_its_check_value() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    assert_eq!(crc32(b""), 0);
}

#[test]
fn java_leaves_out_the_sign_and_librdkafka_does_not() {
    let java = (-973_932_308_i32 & 0x7fff_ffff) as u32;
    assert_eq!(Partitioner::Java.partition_of(b"21", 7), java % 7);
    assert_eq!(
        Partitioner::Librdkafka.partition_of(b"123456789", 7),
        0xcbf4_3926 % 7
    );
}

#[test]
fn clients_of_both_kinds_may_put_one_key_into_different_partitions() {
    let keys = ["a", "b", "c", "d"].map(str::as_bytes);
    let place = |client: Partitioner| keys.map(|key| client.partition_of(key, 8));
    assert_ne!(place(Partitioner::Java), place(Partitioner::Librdkafka));
}

#[test]
fn without_partitions_there_is_no_panic() {
    assert_eq!(Partitioner::Java.partition_of(b"a", 0), 0);
}
