//! What the broker comes back for besides messages that expire.

use super::settings::QueueId;

/// Whose time may be over. At one instant: queues first, in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A queue was not used for long.
    Lease(QueueId),
}
