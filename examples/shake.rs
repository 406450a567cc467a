#![allow(warnings)]
#[path = "../tests/laws/conservation.rs"]
mod conservation;
#[path = "../tests/laws/shaken.rs"]
mod shaken;
use queuelab::scenario::*;
fn read(text: &str) -> Result<ScenarioSet, Mistakes> {
    let origin = Origin {
        name: "laws",
        path: "laws.toml",
    };
    let mut nothing = |_: &str| Err(std::io::Error::from(std::io::ErrorKind::NotFound));
    load(text, origin, &Flags::default(), &mut nothing)
}
use std::collections::BTreeMap;
use std::sync::atomic::*;
static NOW: AtomicU64 = AtomicU64::new(0);
fn main() {
    let args: Vec<u64> = std::env::args()
        .skip(1)
        .map(|a| a.parse().unwrap())
        .collect();
    let (from, to) = (args[0], args[1]);
    let show = args.get(2).copied().unwrap_or(0);
    if show == 1 {
        println!("{}", shaken::file(from));
        if let Err(m) = read(&shaken::file(from)) {
            println!("{m}");
        }
    }
    if show == 3 {
        let set = read(&shaken::file(from)).unwrap();
        println!("{}", shaken::file(from));
        trace::trace(&set.base, from);
        return;
    }
    if show == 2 {
        let mut n: BTreeMap<String, u32> = BTreeMap::new();
        for r in from..to {
            if let Err(m) = read(&shaken::file(r)) {
                for l in m.lines() {
                    *n.entry(l.splitn(4, ':').last().unwrap().to_owned())
                        .or_default() += 1;
                }
            }
        }
        for (l, c) in n {
            println!("{c} {l}");
        }
        return;
    }
    let said: &'static std::sync::Mutex<String> =
        Box::leak(Box::new(std::sync::Mutex::new(String::new())));
    std::panic::set_hook(Box::new(move |info| {
        let m = info.to_string();
        let m: String = m.lines().take(3).collect::<Vec<_>>().join(" | ");
        *said.lock().unwrap() = m;
    }));
    std::thread::spawn(|| {
        let mut last = 0;
        let mut same = 0;
        loop {
            std::thread::sleep(std::time::Duration::from_millis(1000));
            let n = NOW.load(Ordering::Relaxed);
            if n == last {
                same += 1;
            } else {
                same = 0;
                last = n;
            }
            if same > 20 {
                println!("HANG at {n}");
                std::process::exit(3);
            }
        }
    });
    let (mut ran, mut bad) = (0, BTreeMap::<String, Vec<u64>>::new());
    for round in from..to {
        NOW.store(round + 1, Ordering::Relaxed);
        match std::panic::catch_unwind(|| shaken::shake(round)) {
            Ok(r) => ran += r as u64,
            Err(_) => {
                let m = said.lock().unwrap().clone();
                let key: String = m
                    .chars()
                    .map(|c| if c.is_ascii_digit() { '#' } else { c })
                    .take(220)
                    .collect();
                let v = bad.entry(key).or_default();
                v.push(round);
                if v.len() == 1 {
                    println!("{round}: {m}");
                }
            }
        }
    }
    println!("ran {ran} of {}", to - from);
    for (m, rounds) in &bad {
        println!(
            "{} times, e.g. {:?}: {m}",
            rounds.len(),
            &rounds[..rounds.len().min(6)]
        );
    }
}
mod trace {
    use queuelab::{engine, measure::Probe, queue::*, time::Time, workload::Job};
    use std::collections::*;
    #[derive(Default)]
    pub struct T {
        pub lines: Vec<((u32, u64), String)>,
        pub made: BTreeMap<usize, u64>,
        pub ended: BTreeMap<(u32, u64), u32>,
    }
    impl Sink<Job> for T {
        fn effect(&mut self, now: Time, q: QueueId, e: &Effect<'_, Job>, _: Levels) {
            let (j, s) = match e {
                Effect::Refused { body, .. } => (**body, "refused".to_string()),
                Effect::Accepted { message } => {
                    (message.body, format!("accepted pos {}", message.position()))
                }
                Effect::Delivered { message, consumer } => {
                    (message.body, format!("delivered {consumer:?}"))
                }
                Effect::Returned { message } => (message.body, "returned".into()),
                Effect::Left { message, exit, .. } => (message.body, format!("left {exit:?}")),
                Effect::Withheld { .. } => return,
                Effect::Copied { message, .. } => (message.body, "copied".into()),
            };
            self.lines.push((
                (j.producer, j.root),
                format!("{now} q{} {s} fam {} path {}", q.0, j.family, j.path),
            ));
        }
    }
    impl Probe for T {
        fn made(&mut self, _: Time, p: usize) {
            *self.made.entry(p).or_default() += 1;
        }
        fn started(&mut self, now: Time, pool: usize, d: &Delivery<Job>, _: bool) {
            self.lines.push((
                (d.body.producer, d.body.root),
                format!("{now} pool {pool} started"),
            ));
        }
        fn occupied(&mut self, _: Time, _: usize, _: u64, _: u64) {}
        fn ended(&mut self, now: Time, j: &Job, c: bool) {
            *self.ended.entry((j.producer, j.root)).or_default() += 1;
            self.lines
                .push(((j.producer, j.root), format!("{now} ENDED {c}")));
        }
        fn goes_on(&mut self, events: u64) -> bool {
            events < 1_000_000
        }
    }
    pub fn trace(base: &queuelab::scenario::Scenario, round: u64) {
        let mut t = T::default();
        let r = engine::simulate(base, round, 0, &mut t);
        println!("{:?}", r.as_ref().err());
        let mut bad: Vec<(u32, u64)> = Vec::new();
        for (p, n) in &t.made {
            for root in 0..*n {
                let id = (*p as u32, root);
                if t.ended.get(&id).copied().unwrap_or(0) != 1 {
                    bad.push(id);
                }
            }
        }
        println!("{} bad", bad.len());
        for id in bad.iter() {
            let mine: Vec<_> = t.lines.iter().filter(|(i, _)| i == id).collect();
            let last = mine.last().map(|l| l.1.clone()).unwrap_or_default();
            let n = |w: &str| mine.iter().filter(|l| l.1.contains(w)).count();
            if t.ended.get(id).copied().unwrap_or(0) > 1 || n(" accepted") == n(" left ") {
                println!("-- {id:?}");
                for l in mine.iter().rev().take(30).rev() {
                    println!("   {}", l.1);
                }
            }
        }
    }
}
