//! What is lost with a socket that goes, and what waits for its return.

use super::*;

/// Two at the receiver, one in the kernel, and the rest, of these, at the sender.
const LETTERS: &str = "abcdef";

fn a_lane_with_all(settings: PipeSettings) -> Rig {
    let mut rig = Rig::of(settings, &[A], &[X]);
    rig.push(A, LETTERS);
    assert_eq!(rig.pipe.held(), held(3, 1, 2));
    rig
}

/// `session_base.cpp`, engine_error; measured: its successor gets nothing, and a push is refused.
#[test]
fn if_the_pushers_bind_all_that_was_for_a_puller_goes_with_it() {
    let mut rig = a_lane_with_all(tcp(10, 2));
    rig.disconnect(X);
    assert_eq!((rig.lost().as_str(), rig.levels()), (LETTERS, (0, 0)));
    assert!(!rig.pipe.accepts(A));
    assert_eq!(rig.push(A, "g"), "g");
    rig.connect(X);
    assert_eq!(rig.drain(X), "");
}

/// `session_base.cpp`, reconnect; measured: ten of ten.
#[test]
fn if_the_pushers_connect_what_waits_at_them_waits_for_its_return() {
    let mut rig = a_lane_with_all(push_connects(tcp(10, 2)));
    rig.disconnect(X);
    assert_eq!(rig.lost(), "abc");
    assert_eq!(rig.pipe.held_for(X), held(3, 0, 0));
    rig.connect(X);
    assert_eq!(rig.drain(X), "def");
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_IMMEDIATE
#[test]
fn if_the_pushers_connect_pushes_still_go_to_a_puller_that_is_away_up_to_the_mark() {
    let mut rig = Rig::of(push_connects(tcp(4, 9)), &[A], &[X, Y]);
    rig.disconnect(X);
    assert_eq!(rig.push(A, "abcdefgh"), "");
    assert_eq!(rig.pipe.held_for(X), held(4, 0, 0));
    rig.push(A, "ij");
    assert_eq!(rig.pipe.held_for(X), held(4, 0, 0));
    assert_eq!(rig.drain(Y), "bdfhij");
    rig.connect(X);
    assert_eq!(rig.drain(X), "aceg");
}

#[test]
fn what_is_lost_with_a_puller_is_given_to_no_other() {
    for settings in [tcp(10, 2), push_connects(tcp(10, 2)), inproc(10, 2)] {
        let mut rig = Rig::of(settings, &[A], &[X, Y]);
        rig.push(A, "abcdefghijkl");
        rig.disconnect(X);
        assert_eq!(rig.drain(Y), "bdfhjl", "{settings:?}");
        rig.connect(Z);
        assert_eq!(rig.drain(Z), "", "{settings:?}");
    }
}

#[test]
fn every_message_leaves_once_or_is_still_there_when_a_puller_goes() {
    for settings in [tcp(10, 2), push_connects(tcp(10, 2)), inproc(10, 2)] {
        let mut rig = Rig::of(settings, &[A, B], &[X, Y]);
        rig.push(A, "abcdefghijkl");
        rig.push(B, "mnopqrstuvwx");
        rig.disconnect(X);
        rig.drain(Y);
        let mut letters: Vec<char> = rig.log.exits.iter().map(|(letter, ..)| *letter).collect();
        letters.extend(rig.pipe.messages().map(|message| message.body));
        letters.sort_unstable();
        let letters: String = letters.into_iter().collect();
        assert_eq!(letters, "abcdefghijklmnopqrstuvwx", "{settings:?}");
    }
}

/// Measured: over inproc there are no sessions, so nothing connects again.
#[test]
fn over_inproc_nothing_waits_for_a_return_though_the_pushers_connect() {
    let mut rig = Rig::of(push_connects(inproc(3, 3)), &[A], &[X]);
    rig.push(A, "abc");
    rig.disconnect(X);
    assert_eq!(rig.lost(), "abc");
    assert!(!rig.pipe.accepts(A));
}

#[test]
fn what_is_lost_was_ready_at_its_sender_and_unacked_beyond() {
    let mut rig = a_lane_with_all(tcp(10, 2));
    rig.disconnect(X);
    let stood: Vec<Stood> = rig.log.exits.iter().map(|(.., stood)| *stood).collect();
    let (ready, unacked) = (Stood::Ready, Stood::Unacked);
    assert_eq!(stood, [unacked, unacked, unacked, ready, ready, ready]);
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_LINGER; measured, killed and with 0: what the kernel had arrives.
#[test]
fn a_pusher_that_crashes_takes_along_only_what_stands_at_it() {
    let mut rig = a_lane_with_all(tcp(10, 2));
    rig.crash(A);
    assert_eq!(rig.lost(), "def");
    assert_eq!(rig.drain(X), "abc");
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_LINGER; measured with −1: all arrive.
#[test]
fn what_a_pusher_that_lingers_has_is_all_sent() {
    let mut rig = a_lane_with_all(tcp(10, 2));
    rig.close(A);
    assert_eq!(rig.lost(), "");
    assert_eq!(rig.drain(X), LETTERS);
}

/// `session_base.cpp`, process_term and engine_error
#[test]
fn a_pusher_that_lingers_waits_for_a_puller_to_return_if_it_connected() {
    let mut rig = a_lane_with_all(push_connects(tcp(10, 2)));
    rig.close(A);
    rig.disconnect(X);
    assert_eq!(rig.lost(), "abc");
    rig.connect(X);
    assert_eq!(rig.drain(X), "def");
}

/// `session_base.cpp`, engine_error
#[test]
fn what_a_pusher_that_lingers_has_goes_with_the_puller_if_it_bound() {
    let mut rig = a_lane_with_all(tcp(10, 2));
    rig.close(A);
    rig.disconnect(X);
    assert_eq!(rig.lost(), LETTERS);
}

/// Measured, with any linger.
#[test]
fn over_inproc_nothing_goes_with_a_pusher() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    rig.push(A, LETTERS);
    rig.crash(A);
    assert_eq!(rig.drain(X), LETTERS);
}

#[test]
fn a_pusher_that_comes_back_has_all_its_room_and_what_it_left_arrives_too() {
    let mut rig = Rig::of(inproc(1, 2), &[A], &[X]);
    rig.push(A, "abc");
    rig.crash(A);
    rig.add_pusher(A);
    assert_eq!(rig.push(A, "klmn"), "n");
    assert_eq!(rig.drain(X), "akblcm");
}

#[test]
fn a_puller_that_comes_back_begins_with_an_empty_line_and_a_mark_of_its_own() {
    let mut rig = Rig::of(push_connects(tcp(0, 4)), &[A], &[X]);
    rig.push(A, "abcdefghijk");
    assert_eq!(rig.receive(X, 1), "a");
    rig.disconnect(X);
    assert_eq!(rig.lost(), "bcde");
    rig.connect(X);
    assert_eq!(rig.pipe.held_for(X), held(1, 1, 4));
    assert_eq!(rig.drain(X), "fghijk");
}

/// `doc/zmq_setsockopt.adoc`, ZMQ_IMMEDIATE
#[test]
fn a_pusher_that_connects_to_a_puller_that_is_away_fills_its_line() {
    let mut rig = Rig::of(push_connects(tcp(2, 2)), &[], &[X]);
    rig.disconnect(X);
    rig.add_pusher(A);
    assert_eq!(rig.push(A, "abc"), "c");
    rig.connect(X);
    assert_eq!(rig.drain(X), "ab");
}

#[test]
fn who_is_not_there_or_there_already_is_an_error_and_nothing_happens() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    let Rig { pipe, log, .. } = &mut rig;
    let now = Time::ZERO;
    assert_eq!(
        pipe.add_pusher(now, A, log),
        Err(PipeError::PusherIsThere(A))
    );
    assert_eq!(pipe.connect(now, X, log), Err(PipeError::PullerIsThere(X)));
    assert_eq!(
        pipe.push(now, B, 'b', 1, log),
        Err(PipeError::UnknownPusher(B))
    );
    assert_eq!(
        pipe.remove_pusher(now, B, true, log),
        Err(PipeError::UnknownPusher(B))
    );
    assert_eq!(pipe.ask(now, Y, log), Err(PipeError::UnknownPuller(Y)));
    assert_eq!(
        pipe.disconnect(now, Y, log),
        Err(PipeError::UnknownPuller(Y))
    );
    assert!(!pipe.accepts(B));
    assert_eq!(pipe.held_for(Y), held(0, 0, 0));
    assert_eq!(rig.history(), "");
}

#[test]
fn a_puller_that_is_away_can_neither_ask_nor_go() {
    let mut rig = Rig::of(push_connects(tcp(3, 3)), &[A], &[X]);
    rig.disconnect(X);
    let Rig { pipe, log, .. } = &mut rig;
    assert_eq!(
        pipe.ask(Time::ZERO, X, log),
        Err(PipeError::UnknownPuller(X))
    );
    assert_eq!(
        pipe.disconnect(Time::ZERO, X, log),
        Err(PipeError::UnknownPuller(X))
    );
}
