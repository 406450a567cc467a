//! Makes `scenarios/publishes.csv`: an hour of publishes, most of them in bursts.
//!
//! A hum of 0.5 messages a second, and bursts that start every five minutes on average; the size of a burst is
//! geometric with mean 700, its messages 40 ms apart on average. Nothing in it is anybody's data.
//! `cargo run --release --example publishes > scenarios/publishes.csv`

use rand::SeedableRng;
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::io::{self, Write};

const HOUR_S: f64 = 3600.0;
/// 2025-01-01 09:00:00 in milliseconds of that day.
const START_MS: u64 = 9 * 3_600_000;

fn main() -> io::Result<()> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(21);
    let mut exponential = |mean: f64| -> f64 {
        let unit: f64 = Exp1.sample(&mut random);
        mean * unit
    };
    let mut times = Vec::new();
    let mut at = 0.0;
    while at < HOUR_S {
        times.push(at);
        at += exponential(2.0);
    }
    let mut burst = exponential(300.0);
    while burst < HOUR_S {
        let size = exponential(700.0).ceil() as u32;
        let mut at = burst;
        for _ in 0..size {
            at += exponential(0.04);
            times.push(at);
        }
        burst += exponential(300.0);
    }
    times.retain(|at| *at < HOUR_S);
    times.sort_by(f64::total_cmp);
    let mut out = io::stdout().lock();
    writeln!(out, "timestamp")?;
    for at in times {
        let ms = START_MS + (at * 1000.0) as u64;
        let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        writeln!(
            out,
            "2025-01-01 {hours:02}:{minutes:02}:{seconds:02}.{:03}",
            ms % 1000
        )?;
    }
    Ok(())
}
