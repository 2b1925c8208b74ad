//! The only way in from Java: catches panics, turns failures into exceptions, copies arrays.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use jni::errors::{Error, ErrorPolicy, JniError};
use jni::objects::{JByteArray, JObjectArray};
use jni::strings::{JNIStr, JNIString};
use jni::sys::{jlong, jsize};
use jni::{Env, EnvUnowned, jni_str};

use crate::document::Document;
use crate::failure::Failure;

/// Why a call did not give a result.
pub enum Stop {
    Failed(Failure),
    /// The JVM said no: an exception of its own is waiting, or the arguments were not what Java declares.
    Jvm(Error),
}

pub type Outcome<T> = Result<T, Stop>;

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Jvm(error)
    }
}

/// Runs the body of an entry.
pub fn guard<'a, T: Default>(mut env: EnvUnowned<'a>, body: impl FnOnce(&mut Env<'a>) -> Outcome<T>) -> T {
    env.with_env(|env| caught(|| body(env))).resolve::<ThrowEngineFailure>()
}

/// Runs the body of an entry that works on a document, unless that is poisoned; a panic poisons it.
pub fn on_document<'a, T: Default>(
    env: EnvUnowned<'a>,
    handle: jlong,
    body: impl FnOnce(&mut Env<'a>, &mut Document) -> Outcome<T>,
) -> T {
    guard(env, |env| {
        // SAFETY: Java owns the handle and lets one thread at a time use it, until it closes it (see lib.rs).
        let document = unsafe { &mut *(handle as *mut Document) };
        if document.poisoned {
            let why = "an earlier call on this document panicked; close it and load the entity again";
            return Err(Failure::Poisoned(why.into()).into());
        }
        document.poisoned = true;
        let outcome = body(env, document);
        document.poisoned = matches!(outcome, Err(Stop::Failed(Failure::Panicked(_))));
        outcome
    })
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

fn caught<T>(body: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    static QUIET: Once = Once::new();
    // Instead of printing on standard error, where it has no context, the place is kept for the exception's message.
    QUIET.call_once(|| {
        std::panic::set_hook(Box::new(|info| PANIC.with(|message| *message.borrow_mut() = info.to_string())));
    });
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|_| Err(Failure::Panicked(PANIC.with(|message| message.take())).into()))
}

/// Appends the bytes of arrays (null ones left out) to the document and has it read them.
pub fn append_all<'a>(
    env: &mut Env<'a>,
    document: &mut Document,
    first: &[&JByteArray<'a>],
    updates: &JObjectArray<'a, JByteArray<'a>>,
) -> Outcome<()> {
    let start = document.arena().len();
    let mut ends = Vec::new();
    let appended = append(env, document.arena(), first, updates, &mut ends);
    if appended.is_err() {
        document.arena().truncate(start);
        return appended;
    }
    Ok(document.apply(start, &ends)?)
}

/// A document of these arrays (null ones left out), for the length of one call.
pub fn content<'a>(
    env: &mut Env<'a>,
    first: &[&JByteArray<'a>],
    updates: &JObjectArray<'a, JByteArray<'a>>,
) -> Outcome<Document> {
    let mut document = Document::default();
    append_all(env, &mut document, first, updates)?;
    Ok(document)
}

fn append<'a>(
    env: &mut Env<'a>,
    arena: &mut Vec<u8>,
    first: &[&JByteArray<'a>],
    updates: &JObjectArray<'a, JByteArray<'a>>,
    ends: &mut Vec<usize>,
) -> Outcome<()> {
    for array in first.iter().filter(|array| !array.is_null()) {
        append_one(env, arena, array)?;
        ends.push(arena.len());
    }
    for index in 0..updates.len(env)? {
        let array = updates.get_element(env, index)?;
        append_one(env, arena, &array)?;
        ends.push(arena.len());
        // Thousands of updates would otherwise fill the table of local references.
        env.delete_local_ref(array);
    }
    Ok(())
}

/// Appends the bytes of one array.
pub fn append_one(env: &Env, arena: &mut Vec<u8>, array: &JByteArray) -> Outcome<()> {
    let length = array.len(env)?;
    let start = arena.len();
    arena.resize(start + length, 0);
    // SAFETY: i8 and u8 have the same size, alignment and validity.
    let into = unsafe { std::slice::from_raw_parts_mut(arena[start..].as_mut_ptr().cast::<i8>(), length) };
    Ok(array.get_region(env, 0, into)?)
}

/// Copies to and from arrays of the JVM.
pub trait Arrays<'a> {
    fn bytes(&mut self, bytes: &[u8]) -> Outcome<JByteArray<'a>>;
    fn read(&self, array: &JByteArray) -> Outcome<Vec<u8>>;
    fn byte_arrays(&mut self, arrays: &[Option<&[u8]>]) -> Outcome<JObjectArray<'a, JByteArray<'a>>>;
}

impl<'a> Arrays<'a> for Env<'a> {
    fn bytes(&mut self, bytes: &[u8]) -> Outcome<JByteArray<'a>> {
        if bytes.len() > jsize::MAX as usize {
            return Err(Failure::TooLarge("the answer is larger than an array of the JVM can be".into()).into());
        }
        Ok(self.byte_array_from_slice(bytes)?)
    }

    fn read(&self, array: &JByteArray) -> Outcome<Vec<u8>> {
        Ok(self.convert_byte_array(array)?)
    }

    fn byte_arrays(&mut self, arrays: &[Option<&[u8]>]) -> Outcome<JObjectArray<'a, JByteArray<'a>>> {
        let result = self.new_object_type_array::<JByteArray>(arrays.len(), JByteArray::null())?;
        for (index, array) in arrays.iter().enumerate() {
            if let Some(array) = array {
                let array = self.bytes(array)?;
                result.set_element(self, index, &array)?;
                self.delete_local_ref(array);
            }
        }
        Ok(result)
    }
}

/// Throws what a `Stop` stands for and answers with zero, false or null, which Java never sees.
struct ThrowEngineFailure;

impl<T: Default> ErrorPolicy<T, Stop> for ThrowEngineFailure {
    type Captures<'e: 'n, 'n> = ();

    fn on_error<'e: 'n, 'n>(env: &mut Env<'e>, _: &mut (), stop: Stop) -> jni::errors::Result<T> {
        let (class, message): (&JNIStr, String) = match stop {
            Stop::Failed(Failure::Refused(why)) => (jni_str!("dev/boardwalk/crdt/EngineFailure$Refused"), why),
            Stop::Failed(Failure::TooDeep(why)) => (jni_str!("dev/boardwalk/crdt/EngineFailure$TooDeep"), why),
            Stop::Failed(Failure::TooLarge(why)) => (jni_str!("dev/boardwalk/crdt/EngineFailure$TooLarge"), why),
            Stop::Failed(Failure::Unwritable { pointer, why }) => {
                (jni_str!("dev/boardwalk/crdt/EngineFailure$Unwritable"), format!("{pointer}\n{why}"))
            }
            Stop::Failed(Failure::Panicked(why)) => (jni_str!("dev/boardwalk/crdt/EngineFailure$Panicked"), why),
            Stop::Failed(Failure::Poisoned(why)) => (jni_str!("dev/boardwalk/crdt/EngineFailure$Poisoned"), why),
            Stop::Jvm(Error::JavaException) => return Ok(T::default()),
            Stop::Jvm(Error::JniCall(JniError::NoMemory)) => {
                (jni_str!("dev/boardwalk/crdt/EngineFailure$TooLarge"), "the heap has no room for the answer".into())
            }
            Stop::Jvm(error) => (jni_str!("java/lang/IllegalArgumentException"), error.to_string()),
        };
        // Nothing that was read from updates is in a message but a pointer's names, so that it is short and printable.
        let _ = env.throw_new(class, JNIString::from(message));
        Ok(T::default())
    }

    fn on_panic<'e: 'n, 'n>(
        env: &mut Env<'e>,
        captures: &mut (),
        _: Box<dyn std::any::Any + Send + 'static>,
    ) -> jni::errors::Result<T> {
        Self::on_error(env, captures, Stop::Failed(Failure::Panicked("outside of the guard".into())))
    }
}
