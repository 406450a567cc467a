//! What the broker comes back for besides messages that expire.

use super::channel::ChannelId;
use super::settings::QueueId;
use crate::time::{Span, Time};

/// Whose time may be over. At one instant: in this order, and queues in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A queue was not used for long.
    Lease(QueueId),
    /// A delivery was not settled for long.
    Patience(ChannelId),
    /// A dead letter that is kept was not confirmed for long.
    Unconfirmed(QueueId),
}

/// RabbitMQ looks once a minute for what was held too long.
const LOOK_EVERY: Span = Span::from_secs(60);

/// When the look comes that finds what was due at `due`: at the next whole minute, as for a channel that opened at one.
pub(super) fn look_after(due: Time) -> Time {
    let looks = (due - Time::ZERO).as_nanos() / LOOK_EVERY.as_nanos() + 1;
    match looks.checked_mul(LOOK_EVERY.as_nanos()) {
        Some(nanos) => Time::from_nanos(nanos),
        None => Time::NEVER,
    }
}
