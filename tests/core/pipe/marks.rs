//! How much a line takes, and when it takes more.

use super::*;

/// `socket_base.cpp`, connect; measured: 30.
#[test]
fn over_inproc_a_line_holds_the_sum_of_both_marks() {
    let mut rig = Rig::of(inproc(10, 20), &[A], &[X]);
    assert_eq!(rig.fill(A, 100), 30);
}

/// `socket_base.cpp`, connect; measured.
#[test]
fn over_inproc_no_mark_at_one_end_is_no_limit() {
    for settings in [inproc(0, 5), inproc(5, 0)] {
        let mut rig = Rig::of(settings, &[A], &[X]);
        let many = "m".repeat(1000);
        assert_eq!(rig.push(A, &many), "", "{settings:?}");
    }
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_SNDHWM
#[test]
fn a_mark_counts_for_each_peer_and_not_for_the_socket() {
    let mut rig = Rig::of(tcp(10, 20), &[A], &[X, Y, Z]);
    let one = Rig::of(tcp(10, 20), &[A], &[X]).fill(A, 100);
    assert_eq!(rig.fill(A, 100), 3 * one);
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_RCVHWM
#[test]
fn a_receivers_mark_counts_for_each_peer_and_not_for_the_socket() {
    let mut rig = Rig::of(tcp(10, 4), &[A, B, C], &[X]);
    for pusher in [A, B, C] {
        rig.fill(pusher, 100);
    }
    assert_eq!(rig.pipe.held_for(X).receiver, 3 * 4);
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_SNDHWM
#[test]
fn a_senders_mark_of_0_is_no_limit() {
    let mut rig = Rig::of(tcp(0, 1), &[A], &[X]);
    let many = "m".repeat(1000);
    assert_eq!(rig.push(A, &many), "");
    assert_eq!(rig.pipe.held(), held(998, 1, 1));
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_RCVHWM
#[test]
fn a_receivers_mark_of_0_is_no_limit() {
    let mut rig = Rig::of(tcp(1, 0), &[A], &[X]);
    let many = "m".repeat(1000);
    assert_eq!(rig.push(A, &many), "");
    assert_eq!(rig.pipe.held(), held(0, 0, 1000));
}

/// `pipe.cpp`, compute_lwm and read; measured: room for 15 after 15 and after 30 were received, and never between.
#[test]
fn a_full_line_opens_again_only_when_half_its_mark_was_received() {
    let mut rig = Rig::of(inproc(10, 20), &[A], &[X]);
    rig.fill(A, 100);
    for _ in 0..2 {
        rig.receive(X, 14);
        assert!(!rig.pipe.accepts(A));
        rig.receive(X, 1);
        assert_eq!(rig.fill(A, 100), 15);
    }
}

/// `pipe.cpp`, compute_lwm: (5 + 1) / 2
#[test]
fn half_of_an_odd_mark_is_the_larger_half() {
    let mut rig = Rig::of(inproc(2, 3), &[A], &[X]);
    rig.fill(A, 100);
    rig.receive(X, 2);
    assert!(!rig.pipe.accepts(A));
    rig.receive(X, 1);
    assert_eq!(rig.fill(A, 100), 3);
}

/// `stream_engine_base.cpp`, restart_input
#[test]
fn a_full_receivers_line_takes_more_only_when_half_its_mark_was_received() {
    let mut rig = Rig::of(tcp(10, 4), &[A], &[X]);
    rig.push(A, "abcdefgh");
    assert_eq!(rig.pipe.held(), held(3, 1, 4));
    assert_eq!(rig.receive(X, 1), "a");
    assert_eq!(rig.pipe.held(), held(3, 1, 3));
    assert_eq!(rig.receive(X, 1), "b");
    assert_eq!(rig.pipe.held(), held(1, 1, 4));
}

/// `pipe.cpp`, read and check_hwm; measured, with a mark of 10: one was received, and nine more are taken.
#[test]
fn a_sender_learns_of_room_only_in_steps_of_half_its_mark() {
    let mut rig = Rig::of(push_connects(tcp(10, 20)), &[A], &[X]);
    rig.push(A, "a");
    assert_eq!(rig.pipe.held(), held(0, 0, 1));
    rig.disconnect(X);
    assert_eq!(rig.fill(A, 100), 9);
}

/// `doc/zmq_socket.adoc`, ZMQ_PUSH
#[test]
fn a_push_at_the_mark_is_refused_and_its_body_handed_back() {
    let mut rig = Rig::of(inproc(1, 1), &[A], &[X]);
    assert_eq!(rig.push(A, "abc"), "c");
    assert!(rig.history().ends_with("c refused"));
    assert_eq!(rig.levels(), (0, 2));
}

/// `doc/zmq_socket.adoc`, ZMQ_PUSH
#[test]
fn a_push_without_a_peer_is_refused() {
    let mut rig = Rig::of(inproc(1, 1), &[A], &[]);
    assert!(!rig.pipe.accepts(A));
    assert_eq!(rig.push(A, "a"), "a");
}

#[test]
fn marks_are_a_thousand_at_each_end_by_default() {
    let mut rig = Rig::of(PipeSettings::default(), &[A], &[X]);
    rig.fill(A, 100);
    let Held {
        sender, receiver, ..
    } = rig.pipe.held();
    assert_eq!(receiver, 1000);
    assert!((500..=1000).contains(&sender), "{sender}");
}
