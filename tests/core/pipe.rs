//! Pipes: their rules one by one, each name being one, and against a naive model. Pages are those of libzmq's `doc`,
//! files those of its `src`; what is measured was so on libzmq 4.3.5 over a loopback.

mod asking;
mod kernel;
mod levels;
mod marks;
mod model;
mod peers;
mod random;
mod rig;
mod turns;

use queuelab::queue::{
    Exit, Held, PeerId, Pipe, PipeError, PipeSettings, QueueId, Stood, Transport,
};
use queuelab::time::Time;
use rig::{A, B, C, Rig, X, Y, Z};

/// One line of so many and so many more.
fn inproc(send: u32, receive: u32) -> PipeSettings {
    PipeSettings {
        send_high_water_mark: send,
        receive_high_water_mark: receive,
        transport: Transport::Inproc,
        ..PipeSettings::default()
    }
}

/// With a kernel that holds one message at a time.
fn tcp(send: u32, receive: u32) -> PipeSettings {
    tcp_with_kernel(send, receive, 1)
}

fn tcp_with_kernel(send: u32, receive: u32, kernel_buffer_bytes: u64) -> PipeSettings {
    PipeSettings {
        send_high_water_mark: send,
        receive_high_water_mark: receive,
        transport: Transport::Tcp {
            kernel_buffer_bytes,
        },
        ..PipeSettings::default()
    }
}

fn push_connects(settings: PipeSettings) -> PipeSettings {
    PipeSettings {
        push_binds: false,
        ..settings
    }
}

fn held(sender: u64, kernel: u64, receiver: u64) -> Held {
    Held {
        sender,
        kernel,
        receiver,
    }
}
