//! A log on a bench: records are letters, times are milliseconds, what happened reads as a line of text.

use super::model::{Told as Notices, What};
use queuelab::queue::{
    Effect, GroupId, GroupSettings, Levels, Log, LogError, LogSettings, MemberId, Notice, Polled,
    QueueId, Record, Sink,
};
use queuelab::time::{Span, Time};

/// The group that [`Rig::of`] adds.
pub(super) const G: GroupId = GroupId(0);

pub(super) fn millis(count: u64) -> Span {
    Span::from_nanos(count * 1_000_000)
}

pub(super) fn secs(count: u64) -> Span {
    Span::from_secs(count)
}

/// Kafka's settings, but without the wait of an empty group, and a member that rejoins commits nothing by itself.
pub(super) fn group() -> GroupSettings {
    GroupSettings {
        initial_rebalance_delay: Span::ZERO,
        commits_on_rejoin: false,
        ..GroupSettings::default()
    }
}

pub(super) struct Rig {
    pub(super) log: Log<char>,
    pub(super) now: Time,
    pub(super) told: Told,
    /// Latest last.
    pub(super) polled: Vec<Polled<char>>,
    partitions: u32,
}

/// What happened: queue, letter, word.
#[derive(Default)]
pub(super) struct Told(Vec<(QueueId, char, String)>);

impl Rig {
    /// A log of so many partitions, with one group.
    pub(super) fn of(partitions: u32, group: GroupSettings) -> Self {
        let settings = LogSettings {
            partitions,
            ..LogSettings::default()
        };
        Self::with(settings, group)
    }

    pub(super) fn with(settings: LogSettings, group: GroupSettings) -> Self {
        let partitions = settings.partitions;
        let mut log = Log::new(settings).expect("there may be such a log");
        let id = log.add_group(QueueId(7), group);
        assert_eq!(id, Ok(G));
        Self {
            log,
            now: Time::ZERO,
            told: Told::default(),
            polled: Vec::new(),
            partitions,
        }
    }

    /// As [`Rig::of`], and members of these names have their partitions.
    pub(super) fn started(partitions: u32, group: GroupSettings, members: &[u32]) -> Self {
        let mut rig = Self::of(partitions, group);
        members.iter().for_each(|member| rig.join(*member));
        rig.at(0);
        rig
    }

    pub(super) fn join(&mut self, member: u32) {
        self.log
            .join(self.now, G, MemberId(member), &mut self.told)
            .expect("it may join");
    }

    pub(super) fn leave(&mut self, member: u32) {
        self.log
            .leave(self.now, MemberId(member), &mut self.told)
            .expect("it is there");
    }

    pub(super) fn fail(&mut self, member: u32) {
        let died = self.log.fail(self.now, MemberId(member));
        died.expect("it is there");
    }

    /// Appends each letter to a partition, in turn; an empty one of a byte each.
    pub(super) fn append(&mut self, partition: u32, letters: &str) {
        for letter in letters.chars() {
            self.append_bytes(partition, letter, 1);
        }
    }

    pub(super) fn append_bytes(&mut self, partition: u32, body: char, bytes: u32) {
        let record = Record { body, bytes };
        self.log
            .append(self.now, partition, record, &mut self.told)
            .expect("the partition is there");
    }

    /// A member comes back to poll; the letters that it gets at once.
    pub(super) fn poll(&mut self, member: u32) -> String {
        self.log
            .poll(self.now, MemberId(member), &mut self.told)
            .expect("it is there");
        let known = self.polled.len();
        self.deliver();
        self.letters(member, known)
    }

    /// Hands out all that can be; gives the letters.
    pub(super) fn deliver(&mut self) -> String {
        let known = self.polled.len();
        while let Some(polled) = self.log.poll_delivery(self.now, &mut self.told) {
            self.polled.push(polled);
        }
        let fresh = self.polled[known..].iter();
        fresh.map(|polled| polled.delivery.body).collect()
    }

    /// All letters that a member got so far.
    pub(super) fn received(&self, member: u32) -> String {
        self.letters(member, 0)
    }

    fn letters(&self, member: u32, from: usize) -> String {
        let polled = self.polled[from..].iter();
        let own = polled.filter(|polled| polled.member == MemberId(member));
        own.map(|polled| polled.delivery.body).collect()
    }

    /// The tag with which a letter was polled last.
    pub(super) fn tag(&self, letter: char) -> u64 {
        let mut polled = self.polled.iter().rev();
        let last = polled.find(|polled| polled.delivery.body == letter);
        last.expect("it was polled").delivery.tag
    }

    pub(super) fn holds(&self, member: u32, letter: char) -> bool {
        self.log.holds(MemberId(member), self.tag(letter))
    }

    pub(super) fn commit(&mut self, member: u32) -> Result<(), LogError> {
        self.log.commit(self.now, MemberId(member), &mut self.told)
    }

    /// Lets time go to `millis`, as a punctual driver does, and past what is due then.
    pub(super) fn at(&mut self, millis_since_start: u64) {
        let target = Time::ZERO + millis(millis_since_start);
        loop {
            self.deliver();
            let due = self.log.next_deadline();
            if due > target {
                break;
            }
            self.now = due.max(self.now);
            self.log.expire(self.now, &mut self.told);
        }
        self.now = target;
    }

    /// Who owns each partition: `0-1` is the first member 0's and the last member 1's.
    pub(super) fn owners(&self) -> String {
        let owners = (0..self.partitions).map(|partition| self.log.owner(G, partition));
        let names = owners.map(|owner| owner.map_or("-".to_owned(), |owner| owner.0.to_string()));
        names.collect()
    }

    /// (ready, unacked) of [`G`].
    pub(super) fn levels(&self) -> (u64, u64) {
        let levels = self.log.levels(G);
        (levels.ready, levels.unacked)
    }

    /// What happened since this was asked last, but for records that were appended or polled.
    pub(super) fn news(&mut self) -> String {
        let told = std::mem::take(&mut self.told.0);
        let lines = told.iter().filter_map(|(_, letter, word)| {
            let is_news = word != "accepted" && word != "delivered";
            is_news.then(|| format!("{letter} {word}"))
        });
        lines.collect::<Vec<_>>().join(", ")
    }

    /// How often a word was told of a queue since news were asked last.
    pub(super) fn count(&self, queue: u32, word: &str) -> usize {
        let told = self.told.0.iter();
        told.filter(|(of, _, said)| *of == QueueId(queue) && said == word)
            .count()
    }
}

impl Sink<char> for Told {
    fn notice(&mut self, _: Time, notice: &Notice<'_, char>) {
        let (queue, word) = match Notices::of(notice) {
            Notices::Rebalancing(queue) => (queue, "rebalancing"),
            Notices::Rebalanced(queue) => (queue, "rebalanced"),
            Notices::Effect { .. } => unreachable!("it was a notice"),
        };
        self.0.push((queue, '-', word.to_owned()));
    }

    fn effect(&mut self, _: Time, queue: QueueId, effect: &Effect<'_, char>, _: Levels) {
        let (message, what) = What::of(effect);
        let word = match what {
            What::Accepted => "accepted".to_owned(),
            What::Delivered => "delivered".to_owned(),
            What::Returned => "returned".to_owned(),
            What::Left(exit, _) => format!("{exit:?}"),
        };
        self.0.push((queue, message.body, word));
    }
}
