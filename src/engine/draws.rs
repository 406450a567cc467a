//! Keyed draws: every random number is named by (seed, replication, component, purpose, index), not taken in turn.
//!
//! So adding a pool disturbs nobody else's draws, and message k brings the same work however many consumers there are.
//! A name is hashed by 64-bit FNV-1a (Fowler, Noll and Vo), and keys are mixed by the finaliser of SplitMix64 (Steele,
//! Lea and Flood 2014). Draws that one component takes one after the other come from xoshiro256++ (Blackman and Vigna
//! 2019), draws that must be found by an index from a SplitMix64 of their own.

use rand::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

/// Draws that are taken one after the other.
pub(super) type Stream = Xoshiro256PlusPlus;

/// All draws of one replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws {
    root: u64,
}

/// Draws of one component for one purpose, found by index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key(u64);

impl Draws {
    pub(super) fn new(seed: u64, replication: u32) -> Self {
        Self {
            root: mix(mix(seed) ^ u64::from(replication)),
        }
    }

    /// Draws in turn.
    pub(super) fn stream(self, component: &str, purpose: &str) -> Stream {
        Stream::seed_from_u64(self.key(component, purpose).0)
    }

    /// Draws in turn of the part of a component that has a number.
    pub(super) fn stream_of(self, component: &str, purpose: &str, number: u32) -> Stream {
        Stream::seed_from_u64(mix(self.key(component, purpose).0 ^ u64::from(number)))
    }

    /// Names one of the ways out of a component, in every run alike.
    pub(super) fn branch(component: &str, number: u32) -> u32 {
        (mix(hash(component)) >> 32) as u32 ^ number
    }

    /// Draws by index.
    pub(super) fn key(self, component: &str, purpose: &str) -> Key {
        Key(mix(mix(self.root ^ hash(component)) ^ hash(purpose)))
    }
}

impl Key {
    /// The draws of one more component under this key: of a pool for the messages of a producer.
    pub(super) fn of(self, component: &str) -> Self {
        Self(mix(self.0 ^ hash(component)))
    }

    /// The generator at `index`, on its `attempt`.
    #[inline]
    pub(super) fn at(self, index: u64, attempt: u64) -> SplitMix64 {
        // Two rounds, so that neighbouring indices start nowhere near each other on SplitMix64's one cycle.
        SplitMix64::seed_from_u64(mix(mix(self.0 ^ index) ^ attempt))
    }

    /// A number in [0, 1) at `index`, on its `attempt`.
    #[inline]
    pub(super) fn uniform_at(self, index: u64, attempt: u64) -> f64 {
        uniform(&mut self.at(index, attempt))
    }
}

/// A number in [0, 1), of 53 bits.
#[inline]
pub(super) fn uniform(draws: &mut impl Rng) -> f64 {
    (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// FNV-1a.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The finaliser of SplitMix64, after a step of its cycle so that 0 is not a fixed point.
#[inline]
fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // http://www.isthe.com/chongo/tech/comp/fnv: test vectors of FNV-1a, 64 bits.
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn every_part_of_the_key_makes_another_draw_and_the_same_key_the_same() {
        let first = |draws: Draws, name: &str, purpose: &str, index, attempt| {
            draws.key(name, purpose).at(index, attempt).next_u64()
        };
        let base = first(Draws::new(1, 0), "emails", "service", 7, 0);
        assert_eq!(base, first(Draws::new(1, 0), "emails", "service", 7, 0));
        let others = [
            first(Draws::new(2, 0), "emails", "service", 7, 0),
            first(Draws::new(1, 1), "emails", "service", 7, 0),
            first(Draws::new(1, 0), "email", "service", 7, 0),
            first(Draws::new(1, 0), "emails", "failure", 7, 0),
            first(Draws::new(1, 0), "emails", "service", 8, 0),
            first(Draws::new(1, 0), "emails", "service", 7, 1),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn neighbouring_indices_are_as_good_as_independent() {
        let key = Draws::new(1, 0).key("emails", "service");
        let uniform = |index| key.uniform_at(index, 0) - 0.5;
        let count = 200_000;
        let mean = (0..count).map(uniform).sum::<f64>() / count as f64;
        let lag = (0..count)
            .map(|index| uniform(index) * uniform(index + 1))
            .sum::<f64>()
            / count as f64;
        // Standard errors: sqrt(1/12/n) = 0.00065 and (1/12)/sqrt(n) = 0.00019.
        assert!(mean.abs() < 0.0026, "{mean}");
        assert!(lag.abs() < 0.00075, "{lag}");
    }
}
