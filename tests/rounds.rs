//! What the suites of random rounds share: which rounds are run, the dice, and the smallest part of one that fails.
//!
//! `QUEUELAB_SEED=n` replays one round, `QUEUELAB_ROUNDS=n` asks for more of them.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::fmt::Debug;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The seeds of a run: those that the environment asks for, or as many as usual.
pub(crate) fn rounds(usual: u64) -> Range<u64> {
    match from_environment("QUEUELAB_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..from_environment("QUEUELAB_ROUNDS").unwrap_or(usual),
    }
}

fn from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().expect("a whole number"))
}

/// What decides in a round.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize]
    }

    pub(crate) fn maybe<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.one_in(2).then(|| draw(self))
    }

    /// How often a round does each kind of thing: it has likes and dislikes, so that rare states are reached too.
    pub(crate) fn weights<const KINDS: usize>(&mut self) -> [u64; KINDS] {
        std::array::from_fn(|_| self.one_of(&[0, 1, 1, 4, 12]))
    }

    /// The first kind if none has a weight.
    pub(crate) fn kind(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum::<u64>().max(1));
        for (kind, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return kind,
            }
        }
        0
    }
}

/// What is wrong, if something is.
pub(crate) type Verdict = Result<(), String>;

pub(crate) fn same<T: PartialEq + Debug>(what: &str, core: T, model: T) -> Verdict {
    if core == model {
        return Ok(());
    }
    Err(format!("{what}\n  core  {core:?}\n  model {model:?}"))
}

/// A panic is a verdict too.
pub(crate) fn caught(run: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "a panic".to_owned()))
    })
}

/// Leaves out all that is not needed to fail.
pub(crate) fn smallest<T: Clone>(mut operations: Vec<T>, fails: impl Fn(&[T]) -> bool) -> Vec<T> {
    let mut chunk = operations.len() / 2;
    while chunk > 0 {
        let mut start = 0;
        while start < operations.len() {
            let mut fewer = operations.clone();
            fewer.drain(start..operations.len().min(start + chunk));
            if fails(&fewer) {
                operations = fewer;
            } else {
                start += chunk;
            }
        }
        chunk /= 2;
    }
    operations
}
