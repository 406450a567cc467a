//! What is on its way into a queue, from a publisher or from another queue.

use super::death::Deaths;
use super::groups::GroupKey;
use super::message::{Links, Message};
use super::request::Publication;
use super::route::Route;
use super::settings::QueueId;
use crate::time::Time;
use std::sync::Arc;

/// A message on its way into a queue.
#[derive(Clone, Debug)]
pub(super) struct Incoming<B> {
    pub(super) publication: Publication<B>,
    pub(super) route: Option<Arc<Route>>,
    pub(super) deaths: Deaths,
}

impl<B> Incoming<B> {
    pub(super) fn new(publication: Publication<B>, route: Option<Arc<Route>>) -> Self {
        Self {
            publication,
            route,
            deaths: Deaths::default(),
        }
    }

    /// Of a dead letter that its queue keeps.
    pub(super) fn copy(message: &Message<B>, route: Option<Arc<Route>>) -> Self
    where
        B: Clone,
    {
        Self {
            publication: Publication {
                body: message.body.clone(),
                bytes: message.bytes,
                priority: message.priority,
                ttl: None,
                group: None,
            },
            route,
            deaths: message.deaths.clone(),
        }
    }

    /// As it stands in a queue. A time to live of its own that does not decide is kept with its history.
    #[inline(always)]
    pub(super) fn into_message(
        self,
        now: Time,
        deadline: Time,
        level: u8,
        position: u64,
    ) -> Message<B> {
        let Self {
            publication,
            route,
            mut deaths,
        } = self;
        let has_own_ttl = publication.ttl == Some(deadline.since(now));
        if let Some(ttl) = publication.ttl.filter(|_| !has_own_ttl) {
            deaths.keep_longer_ttl(ttl);
        }
        Message {
            enqueued: now,
            deadline,
            bytes: publication.bytes,
            deliveries: 0,
            returns: 0,
            delivery_count: 0,
            priority: publication.priority,
            level,
            has_own_ttl,
            ready: true,
            position,
            links: [Links::NONE; 2],
            deaths,
            route,
            body: publication.body,
        }
    }

    /// A dead letter loses its own time to live, or it would expire again wherever it goes (docs/ttl).
    pub(super) fn dead_letter(
        message: Message<B>,
        route: Option<Arc<Route>>,
        group: GroupKey,
    ) -> Self {
        Self {
            publication: Publication {
                body: message.body,
                bytes: message.bytes,
                priority: message.priority,
                ttl: None,
                group,
            },
            route,
            deaths: message.deaths,
        }
    }
}

/// What has yet to happen of a death.
#[derive(Clone, Debug)]
pub(super) enum Errand<B> {
    /// A dead letter is to be published to a queue.
    Publish(QueueId, Incoming<B>),
    /// A queue is to send on what it keeps.
    Forward(QueueId),
}
