//! What the kernel holds between two lines: bytes, not messages (`doc/zmq_tcp.adoc`).

use super::*;

/// Measured: 10,550.
#[test]
fn over_tcp_a_lane_holds_what_was_measured() {
    let settings = PipeSettings {
        send_high_water_mark: 10,
        receive_high_water_mark: 20,
        ..PipeSettings::default()
    };
    let mut rig = Rig::of(settings, &[A], &[X]);
    let count = rig.fill(A, 100);
    let off = count as f64 / 10_550.0 - 1.0;
    assert!(
        off.abs() < 0.05,
        "{count} is {off:+.3} of what was measured"
    );
}

/// `v2_encoder.cpp`: two bytes up to 255 bytes of body, nine beyond.
#[test]
fn the_kernel_counts_bodies_and_their_framing() {
    for (bytes, on_the_wire) in [(0, 2), (100, 102), (255, 257), (256, 265), (1000, 1009)] {
        let settings = tcp_with_kernel(1, 1, 50 * on_the_wire);
        let mut rig = Rig::of(settings, &[A], &[X]);
        rig.fill(A, bytes);
        assert_eq!(rig.pipe.held(), held(1, 50, 1), "{bytes}");
    }
}

#[test]
fn the_kernel_holds_no_more_than_its_buffer() {
    let mut rig = Rig::of(tcp_with_kernel(0, 1, 10 * 102), &[A], &[X]);
    rig.push(A, &"m".repeat(1000));
    assert_eq!(rig.pipe.held(), held(1000 - 10 - 1, 10, 1));
}

/// A socket takes a part of a message, and its engine holds the rest.
#[test]
fn the_last_message_may_stand_out_of_the_kernel() {
    let mut rig = Rig::of(tcp_with_kernel(10, 1, 103), &[A], &[X]);
    rig.push(A, "abcdef");
    assert_eq!(rig.pipe.held(), held(3, 2, 1));
}

#[test]
fn a_message_larger_than_the_kernel_passes_when_that_is_empty() {
    for kernel in [0, 1, 1000] {
        let mut rig = Rig::of(tcp_with_kernel(2, 1, kernel), &[A], &[X]);
        for letter in "abc".chars() {
            rig.push_sized(A, letter, 5_000);
        }
        assert_eq!(rig.pipe.held(), held(1, 1, 1), "{kernel}");
        assert_eq!(rig.drain(X), "abc");
    }
}

#[test]
fn each_lane_has_a_kernel_buffer_of_its_own() {
    let mut rig = Rig::of(tcp_with_kernel(1, 1, 510), &[A, B], &[X, Y]);
    rig.fill(A, 100);
    rig.fill(B, 100);
    assert_eq!(rig.pipe.held(), held(4, 4 * 5, 4));
    assert_eq!(rig.pipe.held_for(Y), held(2, 2 * 5, 2));
}

#[test]
fn over_inproc_nothing_lies_in_between() {
    let mut rig = Rig::of(inproc(10, 20), &[A], &[X]);
    rig.fill(A, 100);
    assert_eq!(rig.pipe.held(), held(0, 0, 30));
}

#[test]
fn messages_keep_their_order_through_all_places() {
    let mut rig = Rig::of(tcp_with_kernel(0, 3, 300), &[A], &[X]);
    rig.push(A, "abcdefghijklmnopqrstuvwxyz");
    assert_eq!(rig.pipe.held(), held(20, 3, 3));
    assert_eq!(rig.drain(X), "abcdefghijklmnopqrstuvwxyz");
}
