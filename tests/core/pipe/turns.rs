//! To whom a socket sends next, and from whom it receives.

use super::*;

/// `lb.cpp`; measured.
#[test]
fn a_pusher_sends_to_its_peers_in_turn() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X, Y, Z]);
    rig.push(A, "abcdefghi");
    let received = [X, Y, Z].map(|puller| rig.drain(puller));
    assert_eq!(received, ["adg", "beh", "cfi"]);
}

/// `lb.cpp`
#[test]
fn each_pusher_has_turns_of_its_own() {
    let mut rig = Rig::of(inproc(3, 3), &[A, B], &[X, Y]);
    rig.push(A, "a");
    rig.push(B, "b");
    rig.push(A, "c");
    let received = [X, Y].map(|puller| rig.drain(puller));
    assert_eq!(received, ["ab", "c"]);
}

/// `lb.cpp`, measured in this order: what is full is left out, and the last of the others takes its turn.
#[test]
fn a_stalled_puller_keeps_its_share_and_the_others_get_the_rest() {
    let mut rig = Rig::of(inproc(2, 2), &[A], &[X, Y, Z]);
    let mut received = [String::new(), String::new()];
    for letter in "abcdefghijklmnopqrst".chars() {
        assert_eq!(rig.push(A, &letter.to_string()), "");
        for (puller, letters) in [X, Z].into_iter().zip(&mut received) {
            let has_come = rig.pipe.held_for(puller).receiver > 0;
            letters.push_str(&rig.receive(puller, usize::from(has_come)));
        }
    }
    assert_eq!(received, ["adgjmoqs", "cfilnprt"]);
    assert_eq!(rig.drain(Y), "behk");
}

/// `doc/zmq_socket.adoc`, ZMQ_PUSH: there is no central line.
#[test]
fn nothing_of_a_stalled_puller_is_given_to_one_that_waits() {
    let mut rig = Rig::of(tcp(10, 1), &[A], &[X, Y]);
    rig.push(A, "abcdefgh");
    assert_eq!(rig.drain(Y), "bdfh");
    rig.ask(Y);
    assert!(rig.poll().is_none());
    assert_eq!(rig.pipe.held_for(X).total(), 4);
    assert_eq!(rig.drain(X), "aceg");
}

/// `lb.cpp`, activated
#[test]
fn who_has_room_again_joins_at_the_end() {
    let mut rig = Rig::of(inproc(1, 1), &[A], &[X, Y, Z]);
    rig.push(A, "abcdef");
    assert_eq!(rig.push(A, "g"), "g");
    for (puller, letter) in [(Z, "c"), (X, "a"), (Y, "b")] {
        assert_eq!(rig.receive(puller, 1), letter);
    }
    rig.push(A, "ghi");
    assert_eq!(
        [Z, X, Y].map(|puller| rig.drain(puller)),
        ["fg", "dh", "ei"]
    );
}

/// `pipe.cpp`, process_activate_write: it never left.
#[test]
fn who_was_not_found_full_keeps_its_turn() {
    let mut rig = Rig::of(inproc(1, 1), &[A], &[X, Y]);
    rig.push(A, "abcd");
    assert_eq!(rig.receive(X, 1), "a");
    assert_eq!(rig.receive(Y, 1), "b");
    rig.push(A, "ef");
    assert_eq!([X, Y].map(|puller| rig.drain(puller)), ["ce", "df"]);
}

/// `fq.cpp`; measured in this order.
#[test]
fn a_puller_receives_from_its_peers_in_turn() {
    let mut rig = Rig::of(inproc(9, 9), &[A, B, C], &[X]);
    rig.push(A, "abcd");
    rig.push(B, "kl");
    rig.push(C, "xyz");
    assert_eq!(rig.drain(X), "akxblyczd");
}

/// `fq.cpp`
#[test]
fn one_who_pushes_much_does_not_keep_a_puller_from_another() {
    let mut rig = Rig::of(tcp(0, 5), &[A, B], &[X]);
    rig.push(A, "aaaaaaaaaa");
    rig.push(B, "bbb");
    assert_eq!(rig.receive(X, 6), "ababab");
}

/// `fq.cpp`, recvpipe and activated
#[test]
fn a_peer_from_whom_something_comes_again_joins_at_the_end() {
    let mut rig = Rig::of(inproc(9, 9), &[A, B, C], &[X]);
    rig.push(A, "a");
    assert_eq!(rig.drain(X), "a");
    rig.push(C, "xy");
    rig.push(B, "kl");
    rig.push(A, "bc");
    assert_eq!(rig.drain(X), "xkbylc");
}

/// `lb.cpp`, attach
#[test]
fn a_puller_that_comes_later_joins_at_the_end() {
    let mut rig = Rig::of(inproc(9, 9), &[A], &[X, Y]);
    rig.push(A, "a");
    rig.connect(Z);
    rig.push(A, "bcd");
    assert_eq!([X, Y, Z].map(|puller| rig.drain(puller)), ["ad", "b", "c"]);
}

/// `lb.cpp`, pipe_terminated
#[test]
fn a_puller_that_goes_leaves_its_turn_to_the_last() {
    let mut rig = Rig::of(inproc(9, 9), &[A], &[X, Y, Z]);
    rig.push(A, "a");
    rig.disconnect(Y);
    rig.push(A, "bcd");
    assert_eq!([X, Z].map(|puller| rig.drain(puller)), ["ac", "bd"]);
}
