//! Back-pressure between those who hand messages on within a broker (`docs/flow-control`, credit_flow).

/// What one sender may still send to one receiver. Each message takes one; when none is left, the sender is blocked,
/// which RabbitMQ shows as the state `flow`. The receiver gives more for each so many that it has dealt with.
///
/// What is sent in spite of that is owed, and makes the wait longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    left: i64,
    more_after: u32,
    /// Until the receiver gives more.
    to_deal_with: u32,
}

impl Credit {
    /// RabbitMQ's since 3.5.5: 400 at first, 200 more after each 200.
    pub const DEFAULT: Self = Self::new(400, 200);

    /// `initial` at first, and `more_after` more after each `more_after` messages, at least one; RabbitMQ's
    /// `credit_flow_default_credit`. `more_after` should be no more than `initial`, or the wait has no end.
    pub const fn new(initial: u32, more_after: u32) -> Self {
        let more_after = if more_after == 0 { 1 } else { more_after };
        Self {
            left: initial as i64,
            more_after,
            to_deal_with: more_after,
        }
    }

    /// The sender has sent a message.
    pub const fn send(&mut self) {
        self.left -= 1;
    }

    /// The receiver has dealt with a message. Whether the sender was blocked and no longer is.
    pub const fn dealt_with(&mut self) -> bool {
        self.to_deal_with -= 1;
        if self.to_deal_with > 0 {
            return false;
        }
        self.to_deal_with = self.more_after;
        let was_blocked = self.is_blocked();
        self.left += self.more_after as i64;
        was_blocked && !self.is_blocked()
    }

    /// Whether the sender has to wait.
    pub const fn is_blocked(&self) -> bool {
        self.left <= 0
    }
}

impl Default for Credit {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(sent: u32) -> Credit {
        let mut credit = Credit::DEFAULT;
        (0..sent).for_each(|_| credit.send());
        credit
    }

    /// Whether each of so many messages that were dealt with unblocked the sender.
    fn deal_with(credit: &mut Credit, count: u32) -> Vec<bool> {
        (0..count).map(|_| credit.dealt_with()).collect()
    }

    #[test]
    fn a_sender_is_blocked_once_it_has_sent_400_of_which_none_is_dealt_with() {
        assert!(!after(399).is_blocked());
        assert!(after(400).is_blocked());
    }

    #[test]
    fn the_200th_message_dealt_with_unblocks_the_sender_for_200_more() {
        let mut credit = after(400);
        assert!(deal_with(&mut credit, 199).iter().all(|told| !told));
        assert!(credit.is_blocked());
        assert!(credit.dealt_with());
        (0..199).for_each(|_| credit.send());
        assert!(!credit.is_blocked());
        credit.send();
        assert!(credit.is_blocked());
    }

    #[test]
    fn who_is_not_blocked_is_given_more_too_and_not_told_that_it_goes_on() {
        let mut credit = after(200);
        assert!(deal_with(&mut credit, 200).iter().all(|told| !told));
        (0..399).for_each(|_| credit.send());
        assert!(!credit.is_blocked());
        credit.send();
        assert!(credit.is_blocked());
    }

    #[test]
    fn what_is_sent_while_blocked_is_owed() {
        let mut credit = after(600);
        assert!(deal_with(&mut credit, 399).iter().all(|told| !told));
        assert!(credit.dealt_with());
    }

    #[test]
    fn credit_may_be_given_one_by_one() {
        let mut credit = Credit::new(1, 0);
        credit.send();
        assert!(credit.is_blocked());
        assert!(credit.dealt_with());
    }
}
