//! Random operations on the log and on its model, compared after each.
//!
//! `QUEUELAB_SEED=n` replays one round, `QUEUELAB_ROUNDS=n` asks for more of them.

use super::model::{Got, Model, Told, What};
use crate::rounds::{Dice, Verdict, caught, rounds, same, smallest};
use queuelab::queue::{
    Assignor, Effect, GroupId, GroupSettings, Levels, Log, LogSettings, MemberId, Notice,
    OffsetReset, QueueId, Record, Sink,
};
use queuelab::time::{Span, Time};

/// A few seconds' worth on one core in release.
const ROUNDS: u64 = if cfg!(debug_assertions) { 100 } else { 4000 };

#[test]
fn the_log_does_what_its_naive_model_does() {
    rounds(ROUNDS).for_each(check);
}

fn check(seed: u64) {
    let plan = Plan::draw(seed);
    if let Some((at, text)) = plan.failure() {
        let shortest = plan.clone().shrink(at);
        let (_, last) = shortest.failure().unwrap_or((at, text.clone()));
        panic!(
            "seed {seed}, operation {at} of {}: {text}\nQUEUELAB_SEED={seed} replays it. The same in {} operations: \
             {last}\n{:?}\n{:?}\n{:?}",
            plan.operations.len(),
            shortest.operations.len(),
            shortest.log,
            shortest.groups,
            shortest.operations,
        );
    }
}

/// One operation; numbers are taken modulo what there is, so that any part of a plan is a plan.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Append {
        partition: usize,
        bytes: u32,
    },
    Join {
        group: usize,
        member: u32,
    },
    Leave {
        member: u32,
    },
    Fail {
        member: u32,
    },
    Poll {
        member: u32,
    },
    Commit {
        member: u32,
    },
    /// All that are there poll.
    PollAll,
    Deliver,
    DeliverAll,
    Expire,
    Advance {
        by: u64,
    },
}

const KINDS: usize = 11;
const MEMBERS: u32 = 6;

#[derive(Clone)]
struct Plan {
    log: LogSettings,
    /// The last is added when half of the operations are done.
    groups: Vec<GroupSettings>,
    /// The driver comes only when it is asked to, not at each deadline.
    is_late: bool,
    operations: Vec<Operation>,
}

impl Plan {
    fn draw(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let groups = (0..1 + dice.below(2)).map(|_| dice.group()).collect();
        let weights: [u64; KINDS] = dice.weights();
        let length = 30 + dice.below(170);
        Self {
            log: dice.log(),
            groups,
            is_late: dice.one_in(4),
            operations: (0..length).map(|_| dice.log_operation(&weights)).collect(),
        }
    }

    /// Where the two differ first, and how.
    fn failure(&self) -> Option<(usize, String)> {
        let mut pair = Pair::new(self);
        for (at, operation) in self.operations.iter().enumerate() {
            let verdict = caught(|| {
                if at == self.operations.len() / 2 {
                    pair.add_group();
                }
                pair.run(*operation)
            });
            if let Err(text) = verdict {
                return Some((at, text));
            }
        }
        let text = pair.audit().err()?;
        Some((self.operations.len(), text))
    }

    /// Leaves out all that is not needed to fail.
    fn shrink(mut self, at: usize) -> Self {
        self.operations.truncate(at + 1);
        let fails = |operations: &[Operation]| {
            let operations = operations.to_vec();
            Self {
                operations,
                ..self.clone()
            }
            .failure()
            .is_some()
        };
        self.operations = smallest(self.operations.clone(), fails);
        self
    }
}

impl Dice {
    fn span(&mut self, least: u64, most: u64) -> Span {
        Span::from_nanos(least + self.below(most - least + 1))
    }

    fn log(&mut self) -> LogSettings {
        LogSettings {
            partitions: 1 + self.below(5) as u32,
            retention: self.maybe(|dice| dice.span(0, 40)),
            retention_bytes: self.maybe(|dice| dice.below(20)),
            segment_bytes: 1 + self.below(12),
            segment_age: self.span(0, 20),
            retention_check: self.span(1, 20),
        }
    }

    fn group(&mut self) -> GroupSettings {
        let heartbeat_interval = self.span(1, 5);
        let beat = heartbeat_interval.as_nanos();
        let assignors = [
            Assignor::Range,
            Assignor::RoundRobin,
            Assignor::Sticky,
            Assignor::CooperativeSticky,
            Assignor::CooperativeSticky,
        ];
        let settings = GroupSettings {
            assignor: assignors[self.below(5) as usize],
            session_timeout: self.span(beat + 1, beat + 30),
            heartbeat_interval,
            max_poll_interval: self.span(beat, beat + 40),
            initial_rebalance_delay: self.span(0, 6),
            max_poll_records: 1 + self.below(4) as u32,
            fetch_min_bytes: self.below(8),
            fetch_max_wait: self.span(0, 6),
            max_partition_fetch_bytes: 1 + self.below(12),
            offset_reset: [OffsetReset::Earliest, OffsetReset::Latest][self.below(2) as usize],
            static_membership: self.one_in(3),
            commits_on_rejoin: self.one_in(2),
        };
        assert_eq!(settings.check(), Ok(()));
        settings
    }

    fn log_operation(&mut self, weights: &[u64; KINDS]) -> Operation {
        let kind = self.kind(weights);
        let member = self.below(u64::from(MEMBERS)) as u32;
        match kind {
            0 => Operation::Append {
                partition: self.below(8) as usize,
                bytes: self.below(5) as u32,
            },
            1 => Operation::Join {
                group: self.below(2) as usize,
                member,
            },
            2 if self.one_in(4) => Operation::Leave { member },
            3 if self.one_in(4) => Operation::Fail { member },
            4 => Operation::Poll { member },
            5 => Operation::Commit { member },
            6 => Operation::PollAll,
            7 => Operation::Deliver,
            8 => Operation::Expire,
            9 => Operation::Advance { by: self.below(12) },
            _ => Operation::DeliverAll,
        }
    }
}

/// The core and the model side by side.
struct Pair {
    log: Log<u32>,
    model: Model,
    listener: Listener,
    now: Time,
    plan: Plan,
    groups: usize,
    appended: u32,
    tags: Vec<u64>,
}

impl Pair {
    fn new(plan: &Plan) -> Self {
        let mut pair = Self {
            log: Log::new(plan.log.clone()).expect("its settings are right"),
            model: Model::new(&plan.log),
            listener: Listener::default(),
            now: Time::ZERO,
            plan: plan.clone(),
            groups: 0,
            appended: 0,
            tags: Vec::new(),
        };
        for _ in 1..plan.groups.len().max(2) {
            pair.add_group();
        }
        pair
    }

    /// The next one, if there is one more.
    fn add_group(&mut self) {
        let Some(settings) = self.plan.groups.get(self.groups) else {
            return;
        };
        let queue = QueueId(self.groups as u32);
        self.log
            .add_group(queue, settings.clone())
            .expect("its settings are right");
        self.model.add_group(queue, settings.clone());
        self.listener.books.push(Books::default());
        self.groups += 1;
    }

    fn run(&mut self, operation: Operation) -> Verdict {
        let (now, log, sink) = (self.now, &mut self.log, &mut self.listener);
        match operation {
            Operation::Append { partition, bytes } => {
                let partition = partition % self.plan.log.partitions as usize;
                let body = self.appended;
                self.appended += 1;
                let record = Record { body, bytes };
                let core = log.append(now, partition as u32, record, sink);
                let model = self.model.append(partition, body, bytes);
                same("append", &core, &Ok(model))?;
            }
            Operation::Join { group, member } => {
                let (group, member) = (group % self.groups, MemberId(member));
                let core = log.join(now, GroupId(group as u32), member, sink);
                same("join", &core, &self.model.join(group, member))?;
            }
            Operation::Leave { member } => {
                let core = log.leave(now, MemberId(member), sink);
                same("leave", &core, &self.model.leave(MemberId(member)))?;
            }
            Operation::Fail { member } => {
                let core = log.fail(now, MemberId(member));
                same("fail", &core, &self.model.fail(MemberId(member)))?;
            }
            Operation::Poll { member } => {
                let core = log.poll(now, MemberId(member), sink);
                same("poll", &core, &self.model.poll(MemberId(member)))?;
            }
            Operation::PollAll => {
                for member in 0..MEMBERS {
                    self.run(Operation::Poll { member })?;
                }
            }
            Operation::Commit { member } => {
                let core = log.commit(now, MemberId(member), sink);
                same("commit", &core, &self.model.commit(MemberId(member)))?;
            }
            Operation::Deliver => drop(self.deliver()?),
            Operation::DeliverAll => self.deliver_all()?,
            Operation::Expire => self.expire()?,
            Operation::Advance { by } => self.advance(self.now + Span::from_nanos(by))?,
        }
        self.compare()
    }

    fn deliver(&mut self) -> Result<bool, String> {
        let polled = self.log.poll_delivery(self.now, &mut self.listener);
        let core = polled.map(|polled| Got {
            member: polled.member,
            partition: polled.partition,
            offset: polled.offset,
            tag: polled.delivery.tag,
            body: polled.delivery.body,
            returns: polled.delivery.returns,
        });
        same("delivery", &core, &self.model.poll_delivery())?;
        self.tags.extend(core.iter().map(|got| got.tag));
        Ok(core.is_some())
    }

    fn deliver_all(&mut self) -> Verdict {
        while self.deliver()? {}
        Ok(())
    }

    fn expire(&mut self) -> Verdict {
        self.log.expire(self.now, &mut self.listener);
        self.model.expire();
        if self.log.next_deadline() <= self.now {
            return Err(format!("due at {:?} still", self.log.next_deadline()));
        }
        Ok(())
    }

    /// A punctual driver stops at each deadline on the way.
    fn advance(&mut self, target: Time) -> Verdict {
        while !self.plan.is_late && self.log.next_deadline() <= target {
            self.set_now(self.log.next_deadline().max(self.now));
            self.expire()?;
            self.deliver_all()?;
            self.compare()?;
        }
        self.set_now(target);
        Ok(())
    }

    fn set_now(&mut self, now: Time) {
        self.now = now;
        self.model.set_now(now);
    }

    fn compare(&mut self) -> Verdict {
        let told = std::mem::take(&mut self.listener.told);
        same("told", &told, &std::mem::take(&mut self.model.told))?;
        same(
            "deadline",
            &self.log.next_deadline(),
            &self.model.next_deadline(),
        )?;
        for partition in 0..self.plan.log.partitions {
            let at = partition as usize;
            same("start", &self.log.start(partition), &self.model.start(at))?;
            same("end", &self.log.end(partition), &self.model.end(at))?;
            for group in 0..self.groups {
                self.compare_partition(group, partition)?;
            }
        }
        for group in 0..self.groups {
            let id = GroupId(group as u32);
            let (core, model) = (self.log.levels(id), self.model.levels(group));
            same("levels", &core, &model)?;
            let messages = self.log.messages(id).map(|message| message.enqueued);
            let messages: Vec<Time> = messages.collect();
            same("messages", &(messages.len() as u64), &core.total())?;
            same("in order", &messages.is_sorted(), &true)?;
            let core = self.log.is_rebalancing(id);
            same("rebalancing", &core, &self.model.is_rebalancing(group))?;
        }
        for member in (0..MEMBERS).map(MemberId) {
            let core = self.log.assignment(member).to_vec();
            same("assignment", &core, &self.model.assignment(member))?;
            for tag in self.tags.iter().rev().take(12) {
                let core = self.log.holds(member, *tag);
                same("holds", &core, &self.model.holds(member, *tag))?;
            }
        }
        Ok(())
    }

    fn compare_partition(&self, group: usize, partition: u32) -> Verdict {
        let (id, at) = (GroupId(group as u32), partition as usize);
        let (log, model) = (&self.log, &self.model);
        let core = (
            log.owner(id, partition),
            log.position(id, partition),
            log.committed(id, partition),
            log.lag(id, partition),
            log.oldest(id, partition),
        );
        let committed = model.committed(group, at);
        let model = (
            model.owner(group, at),
            model.position(group, at),
            committed,
            model.end(at) - committed,
            model.oldest(group, at),
        );
        same("partition", &core, &model)
    }

    /// Each record is in the books for just as long as it was there, and all that came went or is there.
    fn audit(&mut self) -> Verdict {
        for (group, books) in self.listener.books.iter_mut().enumerate() {
            books.go_to(self.now);
            let messages = self.log.messages(GroupId(group as u32));
            let ages = messages.map(|message| self.now.since(message.enqueued).as_nanos());
            let (count, ages) = ages.fold((0, 0), |(count, sum), age| (count + 1, sum + age));
            same("balance", &books.accepted, &(books.left + count))?;
            same("Little", &books.area, &(books.stays + ages))?;
        }
        Ok(())
    }
}

/// What whoever measures a queue would know.
#[derive(Default)]
struct Books {
    accepted: u64,
    left: u64,
    /// Of all that left, together.
    stays: u64,
    /// ∫ total dt.
    area: u64,
    total: u64,
    until: Time,
}

impl Books {
    fn go_to(&mut self, now: Time) {
        self.area += self.total * (now - self.until).as_nanos();
        self.until = now;
    }
}

#[derive(Default)]
struct Listener {
    told: Vec<Told>,
    books: Vec<Books>,
}

impl Sink<u32> for Listener {
    fn notice(&mut self, _: Time, notice: &Notice<'_, u32>) {
        self.told.push(Told::of(notice));
    }

    fn effect(&mut self, now: Time, queue: QueueId, effect: &Effect<'_, u32>, levels: Levels) {
        let books = &mut self.books[queue.0 as usize];
        books.go_to(now);
        books.total = levels.total();
        let (message, what) = What::of(effect);
        if what == What::Accepted {
            books.accepted += 1;
        } else if let What::Left(..) = what {
            books.left += 1;
            books.stays += (now - message.enqueued).as_nanos();
        }
        self.told.push(Told::Effect {
            now,
            queue,
            body: message.body,
            what,
            enqueued: message.enqueued,
            deliveries: message.deliveries,
            returns: message.returns,
            levels,
        });
    }
}
