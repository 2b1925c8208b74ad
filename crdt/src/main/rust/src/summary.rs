//! Writing what tells two documents apart: state vectors and delete sets.

use crate::lib0::write_var_uint;
use crate::structs::Structs;

/// The state vector as Yjs writes it: highest client first.
pub fn state_vector(structs: &Structs, clocks: &[u32]) -> Vec<u8> {
    let order = structs.clients_descending();
    let known = order.iter().filter(|&&client| clocks[client as usize] > 0);
    let mut out = Vec::new();
    write_var_uint(&mut out, known.clone().count() as u64);
    for &client in known {
        write_var_uint(&mut out, structs.clients[client as usize]);
        write_var_uint(&mut out, u64::from(clocks[client as usize]));
    }
    out
}

/// The delete set of what is deleted below these clocks.
pub fn delete_set(structs: &Structs, to: &[u32]) -> Vec<u8> {
    let mut count = 0;
    let mut body = Vec::new();
    for client in structs.clients_descending() {
        let client = client as usize;
        let mut ranges = structs.deletes[client].clone();
        ranges.retain_mut(|range| {
            range.1 = range.1.min(to[client]);
            range.0 < range.1
        });
        if ranges.is_empty() {
            continue;
        }
        count += 1;
        write_var_uint(&mut body, structs.clients[client]);
        write_var_uint(&mut body, ranges.len() as u64);
        for (from, to) in ranges {
            write_var_uint(&mut body, u64::from(from));
            write_var_uint(&mut body, u64::from(to - from));
        }
    }
    let mut out = Vec::with_capacity(body.len() + 2);
    write_var_uint(&mut out, count);
    out.extend_from_slice(&body);
    out
}
