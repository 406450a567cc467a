//! What a file says of ZeroMQ's PUSH and PULL sockets.

use super::super::file::Context;
use super::super::tree::Table;
use crate::queue::{PipeSettings, Transport};

/// Options of sockets (`zmq_setsockopt`), the transport, and who binds.
pub(super) const QUEUE_KEYS: &[&str] = &["sndhwm", "rcvhwm", "transport", "kernel_buffer", "bind"];

const TRANSPORTS: [(&str, bool); 2] = [("tcp", true), ("inproc", false)];
const BINDERS: [(&str, bool); 2] = [("push", true), ("pull", false)];

pub(super) fn sockets(cx: &mut Context<'_>, table: &Table) -> Option<PipeSettings> {
    let own = PipeSettings::default();
    let send = cx.may(table, "sndhwm", |cx, node, key| cx.count_u32(node, key, 0));
    let receive = cx.may(table, "rcvhwm", |cx, node, key| cx.count_u32(node, key, 0));
    let is_tcp = cx.may(table, "transport", |cx, node, key| {
        cx.choice(node, key, &TRANSPORTS)
    });
    let buffer = cx.may(table, "kernel_buffer", Context::bytes);
    let push_binds = cx.may(table, "bind", |cx, node, key| {
        cx.choice(node, key, &BINDERS)
    });
    let (is_tcp, buffer) = (is_tcp?.unwrap_or(true), buffer?);
    if let (false, Some(entry)) = (is_tcp, table.entry("kernel_buffer")) {
        let rule = "inproc messages do not pass the kernel";
        cx.error(
            &entry.key_at,
            rule,
            "leave kernel_buffer out, or write transport = \"tcp\"",
        );
        return None;
    }
    let transport = match (is_tcp, buffer) {
        (false, _) => Transport::Inproc,
        (true, Some(kernel_buffer_bytes)) => Transport::Tcp {
            kernel_buffer_bytes,
        },
        (true, None) => own.transport,
    };
    Some(PipeSettings {
        send_high_water_mark: send?.unwrap_or(own.send_high_water_mark),
        receive_high_water_mark: receive?.unwrap_or(own.receive_high_water_mark),
        transport,
        push_binds: push_binds?.unwrap_or(own.push_binds),
    })
}
