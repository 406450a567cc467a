//! Where dead letters go: to the queue that their own names, or to where the core routes them from the exchange that it
//! names.
//!
//! What an exchange makes of a dead letter depends on how the message was addressed, and so messages are followed by
//! their addresses, from where they are published through every queue in which they may die.

use super::super::{OnFailure, Target, topology};
use super::Network;
use crate::queue::{Broker, ExchangeId, Route};

/// Every way of a dead letter.
pub(in crate::scenario) struct DeadLetterWays {
    letters: Vec<Letter>,
    /// Of each queue: the letters in it. There is one in each.
    of: Vec<Vec<usize>>,
}

/// Messages of one address in one queue.
struct Letter {
    queue: usize,
    /// By what they are routed; the exchange is the default one, whichever they came by.
    address: Route,
    /// How many they are, next to others that are published; producers and pools count alike.
    weight: f64,
    /// What they become when they die.
    next: Vec<usize>,
}

impl Network<'_> {
    pub(in crate::scenario) fn dead_letter_ways(&self) -> DeadLetterWays {
        let mut ways = DeadLetterWays {
            letters: Vec::new(),
            of: vec![Vec::new(); self.queues.len()],
        };
        let mut settings = self.queues.iter().map(|queue| &queue.settings);
        let routed = settings.any(|settings| settings.dead_letter_exchange.is_some());
        // Without an exchange on the way nobody looks at an address.
        let mut broker = topology::routing(self.exchanges).filter(|_| routed);
        if let Some(broker) = &mut broker {
            self.publish(&mut ways, broker);
        }
        let mut done = 0;
        for queue in 0..=self.queues.len() {
            while done < ways.letters.len() {
                self.bury(&mut ways, done, broker.as_mut());
                done += 1;
            }
            // What nobody publishes to is as if somebody did.
            if ways.of.get(queue).is_some_and(Vec::is_empty) {
                ways.add(queue, self.direct(queue), 1.0);
            }
        }
        ways
    }

    /// All that producers and pools publish.
    fn publish(&self, ways: &mut DeadLetterWays, broker: &mut Broker<()>) {
        let producers = self.producers.iter().map(|producer| (&producer.to, 1.0));
        let outlets = self.pools.iter().flat_map(|pool| &pool.to);
        let outlets = outlets.flat_map(|outlet| outlet.to.iter().map(|to| (to, outlet.share)));
        for (target, share) in producers.chain(outlets).filter(|(_, share)| *share > 0.0) {
            match target {
                Target::Queue(queue) => ways.publish(*queue, self.direct(*queue), share),
                Target::Balanced { queues, .. } => {
                    let each = share / queues.len() as f64;
                    for queue in queues {
                        ways.publish(*queue, self.direct(*queue), each);
                    }
                }
                Target::Exchange { keys, .. } => {
                    for (route, (_, part)) in target.routes().iter().zip(keys) {
                        for queue in broker.destinations(route) {
                            ways.publish(queue.index(), route.clone(), share * part);
                        }
                    }
                }
            }
        }
        for pool in self.pools {
            let failure = pool.failure.as_ref().map(|failure| &failure.then);
            if let Some(OnFailure::Retry(_)) = failure {
                // Work may fail in episodes alone, which the share does not count.
                let share = pool.failing_share().max(f64::MIN_POSITIVE);
                ways.publish(pool.from, self.direct(pool.from), share);
            }
        }
    }

    /// Follows a letter out of its queue.
    fn bury(&self, ways: &mut DeadLetterWays, letter: usize, broker: Option<&mut Broker<()>>) {
        let Letter {
            queue,
            ref address,
            weight,
            ..
        } = ways.letters[letter];
        let settings = &self.queues[queue].settings;
        let (onward, to) = if let Some(to) = settings.dead_letter {
            let name = self.queues[to.index()].name.as_str().into();
            let onward = address.onward(ExchangeId::DEFAULT, Some(&name));
            (onward, vec![to])
        } else if let (Some(named), Some(broker)) = (&settings.dead_letter_exchange, broker) {
            let mut exchanges = self.exchanges.iter();
            let Some(index) = exchanges.position(|exchange| exchange.name == named.name) else {
                return;
            };
            let exchange = ExchangeId(index as u32);
            let onward = address.onward(exchange, named.routing_key.as_ref());
            let to = broker.destinations(&onward);
            (onward, to)
        } else {
            return;
        };
        let next = to.into_iter();
        let next = next.map(|to| ways.add(to.index(), onward.clone(), weight));
        ways.letters[letter].next = next.collect();
    }

    /// How a message is addressed that is published to a queue itself.
    fn direct(&self, queue: usize) -> Route {
        Route::new(ExchangeId::DEFAULT, &self.queues[queue].name)
    }
}

impl DeadLetterWays {
    /// Where dead letters of a queue go: to which queues, and how many of each one that dies.
    pub(in crate::scenario) fn from(&self, queue: usize) -> Vec<(usize, f64)> {
        let letters = self.of[queue].iter().map(|index| &self.letters[*index]);
        let all: f64 = letters.clone().map(|letter| letter.weight).sum();
        let mut to: Vec<(usize, f64)> = Vec::new();
        for letter in letters {
            for next in &letter.next {
                let (queue, share) = (self.letters[*next].queue, letter.weight / all);
                match to.iter_mut().find(|(other, _)| *other == queue) {
                    Some((_, sum)) => *sum += share,
                    None => to.push((queue, share)),
                }
            }
        }
        to
    }

    /// Whether some dead letters of a queue go nowhere.
    pub(in crate::scenario) fn loses(&self, queue: usize) -> bool {
        let mut letters = self.of[queue].iter().map(|index| &self.letters[*index]);
        letters.any(|letter| letter.next.is_empty())
    }

    /// The queues of a shortest circle by which a dead letter of a queue comes back there, through queues that
    /// `passes` alone; the queue itself first.
    pub(in crate::scenario) fn circle(
        &self,
        start: usize,
        passes: impl Fn(usize) -> bool,
    ) -> Option<Vec<usize>> {
        let mut before: Vec<Option<usize>> = vec![None; self.letters.len()];
        let mut open = self.of[start].clone();
        let mut read = 0;
        while let Some(letter) = open.get(read).copied() {
            read += 1;
            if !passes(self.letters[letter].queue) {
                continue;
            }
            for next in &self.letters[letter].next {
                if self.letters[*next].queue == start {
                    let back = std::iter::successors(Some(letter), |letter| before[*letter]);
                    let mut circle: Vec<usize> = back.map(|at| self.letters[at].queue).collect();
                    circle.reverse();
                    return Some(circle);
                }
                if before[*next].is_none() {
                    before[*next] = Some(letter);
                    open.push(*next);
                }
            }
        }
        None
    }

    fn publish(&mut self, queue: usize, address: Route, share: f64) {
        let known = self.letters.len();
        let index = self.add(queue, address, share);
        if index < known {
            self.letters[index].weight += share;
        }
    }

    /// The letter of that address in a queue, which is made if it is not there.
    fn add(&mut self, queue: usize, address: Route, weight: f64) -> usize {
        let address = Route {
            exchange: ExchangeId::DEFAULT,
            ..address
        };
        let mut known = self.of[queue].iter();
        if let Some(index) = known.find(|index| self.letters[**index].address == address) {
            return *index;
        }
        let index = self.letters.len();
        self.of[queue].push(index);
        self.letters.push(Letter {
            queue,
            address,
            weight,
            next: Vec::new(),
        });
        index
    }
}
