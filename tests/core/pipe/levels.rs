//! Ready, unacked, gone.

use super::*;

#[test]
fn a_message_is_ready_at_its_sender_then_unacked_then_gone() {
    let mut rig = Rig::of(push_connects(tcp(3, 3)), &[A], &[X]);
    rig.disconnect(X);
    rig.push(A, "a");
    assert_eq!(rig.levels(), (1, 0));
    rig.connect(X);
    assert_eq!(rig.levels(), (0, 1));
    rig.drain(X);
    assert_eq!(rig.levels(), (0, 0));
    assert_eq!(rig.history(), "a accepted, a delivered, a Acked");
    assert_eq!(rig.log.exits, [('a', Exit::Acked, Stood::Unacked)]);
}

#[test]
fn over_inproc_all_that_is_pushed_is_in_the_receivers_hands() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    rig.push(A, "ab");
    assert_eq!(rig.levels(), (0, 2));
    assert_eq!(
        rig.history(),
        "a accepted, a delivered, b accepted, b delivered"
    );
}

#[test]
fn what_moves_on_into_the_room_of_what_was_received_follows_it_at_once() {
    let mut rig = Rig::of(tcp(9, 1), &[A], &[X]);
    rig.push(A, "abc");
    assert_eq!(rig.pipe.held(), held(1, 1, 1));
    rig.receive(X, 1);
    assert!(
        rig.history().ends_with("a Acked, c delivered"),
        "{}",
        rig.history()
    );
}

#[test]
fn the_oldest_is_the_oldest_of_all_wherever_it_stands() {
    let mut rig = Rig::of(tcp(9, 1), &[A, B], &[X]);
    assert_eq!(rig.pipe.levels().oldest, Time::NEVER);
    rig.push(A, "abc");
    rig.pass(1);
    rig.push(B, "k");
    assert_eq!(rig.pipe.levels().oldest, Time::ZERO);
    rig.crash(A);
    assert_eq!(rig.receive(X, 3), "akb");
    assert_eq!(rig.pipe.levels().oldest, Time::NEVER);
}

#[test]
fn messages_are_told_oldest_push_first_wherever_they_stand() {
    let mut rig = Rig::of(tcp(9, 1), &[A, B], &[X, Y]);
    rig.push(A, "abcdef");
    rig.push(B, "klmnop");
    rig.receive(X, 1);
    let letters: String = rig.pipe.messages().map(|message| message.body).collect();
    assert_eq!(letters, "bcdefklmnop");
    assert_eq!(rig.pipe.message_count(), 11);
}

#[test]
fn a_message_counts_as_delivered_once_from_when_it_left_its_sender() {
    let mut rig = Rig::of(tcp(9, 1), &[A], &[X]);
    rig.push(A, "abc");
    let deliveries: Vec<u32> = rig
        .pipe
        .messages()
        .map(|message| message.deliveries)
        .collect();
    assert_eq!(deliveries, [1, 1, 0]);
}

#[test]
fn nothing_is_ever_due() {
    let mut pipe: Pipe<char> = Pipe::new(QueueId(0), PipeSettings::default());
    pipe.expire(Time::ZERO, &mut ());
    assert_eq!(pipe.next_deadline(), Time::NEVER);
}
