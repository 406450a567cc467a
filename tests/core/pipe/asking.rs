//! Applications that call recv().

use super::*;

#[test]
fn nobody_receives_who_did_not_ask() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    rig.push(A, "a");
    assert!(rig.poll().is_none());
}

#[test]
fn who_asks_receives_one_message() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    rig.push(A, "ab");
    rig.ask(X);
    assert_eq!(
        rig.poll().map(|(to, delivery)| (to, delivery.body)),
        Some((X, 'a'))
    );
    assert!(rig.poll().is_none());
}

#[test]
fn who_asked_before_it_came_receives_it_when_it_comes() {
    let mut rig = Rig::of(tcp(3, 3), &[A], &[X]);
    rig.ask(X);
    assert!(rig.poll().is_none());
    rig.push(A, "ab");
    assert_eq!(
        rig.poll().map(|(to, delivery)| (to, delivery.body)),
        Some((X, 'a'))
    );
    assert!(rig.poll().is_none());
}

#[test]
fn to_ask_twice_before_it_is_answered_is_to_ask_once() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X]);
    rig.ask(X);
    rig.ask(X);
    rig.push(A, "ab");
    rig.ask(X);
    assert!(rig.poll().is_some());
    assert!(rig.poll().is_none());
}

#[test]
fn who_asked_first_is_answered_first() {
    let mut rig = Rig::of(inproc(3, 3), &[A], &[X, Y, Z]);
    for puller in [Z, X, Y] {
        rig.ask(puller);
    }
    rig.push(A, "abc");
    let answered: Vec<PeerId> = std::iter::from_fn(|| rig.poll())
        .map(|(to, _)| to)
        .collect();
    assert_eq!(answered, [Z, X, Y]);
}

#[test]
fn who_went_is_not_answered_before_it_asks_again() {
    for settings in [tcp(9, 9), push_connects(tcp(9, 9)), inproc(9, 9)] {
        let mut rig = Rig::of(settings, &[A], &[X]);
        rig.push(A, "a");
        rig.ask(X);
        rig.disconnect(X);
        assert!(rig.poll().is_none());
        rig.connect(X);
        rig.push(A, "b");
        assert!(rig.poll().is_none());
        assert_eq!(rig.drain(X), "b");
    }
}

#[test]
fn a_delivery_says_what_was_pushed_and_how_manieth_it_is() {
    let mut rig = Rig::of(tcp(3, 3), &[A], &[X, Y]);
    rig.push(A, "a");
    rig.pass(5);
    rig.push_sized(A, 'b', 300);
    rig.receive(X, 1);
    rig.pass(5);
    rig.ask(Y);
    let (_, delivery) = rig.poll().expect("it has come");
    assert_eq!(
        (delivery.queue, delivery.tag, delivery.bytes),
        (rig::PIPE, 2, 300)
    );
    assert_eq!(delivery.enqueued.as_nanos(), 5_000_000);
    assert_eq!(
        (delivery.consumer, delivery.redelivered, delivery.returns),
        (None, false, 0)
    );
}
