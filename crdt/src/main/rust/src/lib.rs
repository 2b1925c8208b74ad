//! Boardwalk's CRDT engine: Yjs updates in native memory, behind the class `dev.boardwalk.crdt.NativeEngine`.
//!
//! What is here, in the order in which an update passes through it:
//! `lib0` reads primitives · `structs` reads and orders the structs of updates, keeping their bytes · `integration`
//! finds what can be integrated, into what, and how deep · `encode` writes updates out of `run`s, `summary` state vectors
//! and delete sets · `projection` lets yrs put siblings in order and writes the JSON, unless `expansion` finds that it
//! would be too large, with `replica` changing what yrs misreads and `plain` writing plain values ·
//! `touch` tells what updates are about · `json` readies old content for yrs · `restoration` makes the edits that lead
//! back, `edition` those that make the JSON what somebody wants, `likeness`, `meaning`, `difference` and `text_delta` find few
//! of them · `document` ties these together behind a handle.
//!
//! yrs sees only what the first three have checked, to make JSON and to edit: of what is stored or sent to a peer, it writes
//! only the new edits of a restoration.
//!
//! # Who owns what
//!
//! - A handle is a `Box<Document>` given to Java as a number by `open`. Java owns it: it calls `close` exactly once,
//!   never uses it from two threads at once, and never after `close` (`Document` and its `Cleaner` see to that).
//! - Byte arrays that come in stay Java's. Their bytes are copied into the document (once, straight into its arena),
//!   so that no array is pinned or referenced after a call.
//! - Byte arrays that go out are made by the JVM and belong to it; the native buffer behind them is freed before the
//!   call returns.
//! - Nothing else crosses: no transactions, no callbacks, no references to Java objects are kept.
//!
//! # When something goes wrong
//!
//! Every entry goes through `guard`: a panic becomes `EngineFailure.Panicked` and poisons the document, so that later
//! calls on it fail until it is closed. A `Failure` becomes the exception of its kind. No entry blocks on a lock.

mod cutter;
mod difference;
mod document;
mod edition;
mod encode;
mod expansion;
mod failure;
mod guard;
mod heap;
mod integration;
mod json;
mod lib0;
mod likeness;
mod meaning;
mod plain;
mod projection;
mod replica;
mod restoration;
mod run;
mod scan;
mod structs;
mod summary;
mod text_delta;
mod touch;

use jni::EnvUnowned;
use jni::objects::{JByteArray, JClass, JObjectArray};
use jni::sys::{jboolean, jlong};

use document::Document;
use guard::{Arrays, append_all, append_one, content, guard, on_document};

type Bytes<'a> = JByteArray<'a>;
type Updates<'a> = JObjectArray<'a, JByteArray<'a>>;

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_open(env: EnvUnowned, _class: JClass) -> jlong {
    guard(env, |_| Ok(Box::into_raw(Box::<Document>::default()) as jlong))
}

/// Frees a document. If that panics, what is left of it is leaked rather than touched again.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_close(env: EnvUnowned, _class: JClass, handle: jlong) {
    guard(env, |_| {
        // SAFETY: Java owns the handle and gives it up with this call.
        drop(unsafe { Box::from_raw(handle as *mut Document) });
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_apply<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
    updates: Updates<'a>,
) {
    on_document(env, handle, |env, document| append_all(env, document, &[], &updates))
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_stateVector<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
) -> Bytes<'a> {
    on_document(env, handle, |env, document| env.bytes(&document.state_vector()))
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_state<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
) -> Bytes<'a> {
    on_document(env, handle, |env, document| env.bytes(&document.state()))
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_diff<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
    state_vector: Bytes<'a>,
) -> Bytes<'a> {
    on_document(env, handle, |env, document| {
        let state_vector = env.read(&state_vector)?;
        env.bytes(&document.diff(&state_vector)?)
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_deleteSet<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
) -> Bytes<'a> {
    on_document(env, handle, |env, document| env.bytes(&document.delete_set()))
}

/// The JSON in UTF-8.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_json<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    handle: jlong,
) -> Bytes<'a> {
    on_document(env, handle, |env, document| env.bytes(document.json()?.as_bytes()))
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_pending(
    env: EnvUnowned,
    _class: JClass,
    handle: jlong,
) -> jboolean {
    on_document(env, handle, |_, document| Ok(document.pending()))
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_weight(
    env: EnvUnowned,
    _class: JClass,
    handle: jlong,
) -> jlong {
    on_document(env, handle, |_, document| Ok(document.weight() as jlong))
}

/// One update, or null if there are holes.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_merge<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    updates: Updates<'a>,
) -> Bytes<'a> {
    guard(env, |env| {
        let mut document = content(env, &[], &updates)?;
        match document.merged() {
            Some(update) => env.bytes(&update),
            None => Ok(JByteArray::null()),
        }
    })
}

/// State, state vector, delete set, JSON in UTF-8 (or null), and an array that is not empty if something is pending.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_fold<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    snapshot: Bytes<'a>,
    updates: Updates<'a>,
    with_json: jboolean,
) -> Updates<'a> {
    guard(env, |env| {
        let mut document = content(env, &[&snapshot], &updates)?;
        let folded = document.folded(with_json)?;
        drop(document);
        let pending = [1u8];
        env.byte_arrays(&[
            Some(&folded.state),
            Some(&folded.state_vector),
            Some(&folded.delete_set),
            folded.json.as_deref().map(str::as_bytes),
            Some(if folded.pending { &pending } else { &[] }),
        ])
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_diffOf<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    pieces: Updates<'a>,
    state_vector: Bytes<'a>,
) -> Bytes<'a> {
    guard(env, |env| {
        let mut document = content(env, &[], &pieces)?;
        let state_vector = env.read(&state_vector)?;
        let diff = document.diff(&state_vector)?;
        env.bytes(&diff)
    })
}

/// The edits that lead from one content to the other, as one update.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_restore<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    present: Updates<'a>,
    wanted: Updates<'a>,
    client: jlong,
) -> Bytes<'a> {
    guard(env, |env| {
        let mut document = content(env, &[], &present)?;
        let mut wanted = content(env, &[], &wanted)?;
        let update = document.restore(&mut wanted, client as u64)?;
        env.bytes(&update)
    })
}

/// For each of the updates, the roots and keys that it touches in the document of the pieces: JSON in UTF-8.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_touched<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    pieces: Updates<'a>,
    updates: Updates<'a>,
) -> Updates<'a> {
    guard(env, |env| {
        let ground = content(env, &[], &pieces)?.into_ground()?;
        let mut touched = Vec::new();
        for index in 0..updates.len(env)? {
            let array = updates.get_element(env, index)?;
            let mut one = Document::default();
            append_one(env, one.arena(), &array)?;
            let end = one.arena().len();
            one.apply(0, &[end])?;
            touched.push(ground.touched_by(one.structs()));
            env.delete_local_ref(array);
        }
        let arrays: Vec<Option<&[u8]>> = touched.iter().map(|json| Some(json.as_bytes())).collect();
        env.byte_arrays(&arrays)
    })
}

/// The edits that make the JSON of the content the wanted one (in UTF-8), as one update.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_edit<'a>(
    env: EnvUnowned<'a>,
    _class: JClass<'a>,
    present: Updates<'a>,
    wanted: Bytes<'a>,
    client: jlong,
) -> Bytes<'a> {
    guard(env, |env| {
        let mut document = content(env, &[], &present)?;
        let wanted = env.read(&wanted)?;
        let update = document.edit(&wanted, client as u64)?;
        env.bytes(&update)
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_heldBytes(env: EnvUnowned, _class: JClass) -> jlong {
    guard(env, |_| Ok(heap::held()))
}

/// Panics, so that a test can see what that does.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_boardwalk_crdt_NativeEngine_panic(env: EnvUnowned, _class: JClass, handle: jlong) {
    on_document(env, handle, |_, _| -> guard::Outcome<()> { panic!("asked to") })
}
