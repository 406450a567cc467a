//! What the sockets of a pipe are set to.

/// By what the sockets are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Between processes: a line at the sender, the kernel's buffers, a line at the receiver (`doc/zmq_tcp.adoc`).
    Tcp {
        /// What the kernels of both ends hold for one connection, in bytes on the wire; with it what the engines of
        /// ZeroMQ hold in their hands. It is the machine's (`ZMQ_SNDBUF`, `ZMQ_RCVBUF`).
        kernel_buffer_bytes: u64,
    },
    /// Between threads: one line, in the memory that both share (`doc/zmq_inproc.adoc`).
    Inproc,
}

impl Default for Transport {
    /// Tcp with 1 MiB in between. Over a loopback libzmq held 10,550 messages of 100 bytes beside marks of 10 and 20,
    /// which is that; over that of a Linux 6.18, which allows a socket up to 4 MiB, it held 42,180.
    fn default() -> Self {
        Self::Tcp {
            kernel_buffer_bytes: 1 << 20,
        }
    }
}

/// How all sockets of a pipe are set, with ZeroMQ's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipeSettings {
    /// Most messages that wait at a pusher for one puller; 0 is no limit (`ZMQ_SNDHWM`).
    pub send_high_water_mark: u32,
    /// Most messages that wait at a puller from one pusher; 0 is no limit (`ZMQ_RCVHWM`).
    pub receive_high_water_mark: u32,
    /// By what they are joined.
    pub transport: Transport,
    /// The pushers bind and the pullers connect to them, so that a line goes with its puller. Else the pushers connect:
    /// over tcp the line is kept for the puller's return (`ZMQ_IMMEDIATE` is 0).
    pub push_binds: bool,
}

impl PipeSettings {
    /// Whether what waits between two peers is bounded.
    pub const fn has_marks(&self) -> bool {
        self.send_high_water_mark > 0 && self.receive_high_water_mark > 0
    }
}

impl Default for PipeSettings {
    fn default() -> Self {
        Self {
            send_high_water_mark: 1000,
            receive_high_water_mark: 1000,
            transport: Transport::default(),
            push_binds: true,
        }
    }
}

impl PipeSettings {
    /// The mark at which a puller has no room for more from one pusher, and 0 for none: of both sockets together over
    /// inproc, where either without a limit is none at all (`socket_base.cpp`, connect).
    pub(super) fn mark_at_sender(&self) -> u64 {
        let (send, receive) = (
            u64::from(self.send_high_water_mark),
            u64::from(self.receive_high_water_mark),
        );
        match self.transport {
            Transport::Tcp { .. } => send,
            Transport::Inproc if send == 0 || receive == 0 => 0,
            Transport::Inproc => send + receive,
        }
    }

    /// The mark at which nothing more is read from the kernel, and 0 for none.
    pub(super) fn mark_at_receiver(&self) -> u64 {
        match self.transport {
            Transport::Tcp { .. } => u64::from(self.receive_high_water_mark),
            Transport::Inproc => 0,
        }
    }

    /// Whether what waits at a pusher waits for the return of a puller that went. A session that connected starts
    /// again and keeps its pipe, one that was accepted ends with it (`session_base.cpp`, engine_error), and inproc has
    /// no sessions.
    pub(super) fn keeps_for_return(&self) -> bool {
        match self.transport {
            Transport::Tcp { .. } => !self.push_binds,
            Transport::Inproc => false,
        }
    }
}

/// What a message of `bytes` is on the wire, in bytes: one of flags, and its length in one or in eight
/// (`v2_encoder.cpp`, <https://rfc.zeromq.org/spec/23>).
pub(super) fn wire_bytes(bytes: u32) -> u64 {
    let framing = if bytes <= 255 { 2 } else { 9 };
    framing + u64::from(bytes)
}
