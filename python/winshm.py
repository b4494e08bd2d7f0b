"""Windows named shared memory, and what synchronises it, for Python on Linux.

Shares names with every program that uses libwinshm, in C or in any other language:

    with Section.create("Local\\\\telemetry", 4096) as section, section.map() as view:
        view.memory[0:5] = b"hello"

    with Mutex.create("Local\\\\guard") as mutex, mutex.hold() as result:
        if result is WaitResult.ABANDONED:
            ...  # the owner before ended without releasing it: repair what it guards

    with SharedMemory.create("telemetry", 4096) as memory:
        memory.write(b"all or nothing")

Names, lifetimes and errors are those of the functions of C, which docs/reference.md tells
of; each method says which one it calls. What fails raises WinshmError.

Handles are closed by close(), at the end of a `with`, or when Python drops the object.
Closing a mutex does not release it. A memoryview of shared memory keeps the memory mapped
also when its View or SharedMemory was closed.

Threads. Everything may be called from every thread. A mutex is owned by a *thread*: only
the thread that acquired it can release it, so none belongs into code that moves between
threads, as tasks in an executor do.

Files. Section.of_file is to this library what mmap is to Python, with a name besides.

Waiting. Times are in seconds; None waits without end. Other threads run meanwhile. Python
handles signals, Ctrl-C among them, in its main thread between two steps. So there a wait
ends when a signal came, and goes on after its handler: meanwhile, and only then, a pulse(),
or a set() followed at once by reset(), is missed, as on Windows. As with every lock of
Python, an interrupt can arrive at the moment when the wait has taken its object.

Three waits cannot be woken so, and are cut into slices of 0.1 s in the main thread, between
which a pulse is missed: wait_all of several objects, because one more would have to be
signalled too, and only the thread that waits can take a mutex, so that no other can do it
in its place; wait_any of 64, because no wait is for more; SharedMemory.wait, which is for
no object, but counts writes and so misses none.

The library is libwinshm.so.0 or libwinshm.so, where the system looks for libraries, or the
file that the environment variable WINSHM_LIBRARY names. Python 3.8 or newer.
"""

from __future__ import annotations

import contextlib
import ctypes
import enum
import errno
import fcntl
import functools
import gc
import math
import os
import select
import signal
import stat
import sys
import threading
import time
import weakref
from types import TracebackType
from typing import (
    Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Protocol, Sequence, Tuple, Type, TypeVar, Union,
)  # fmt: skip

__all__ = [
    "Event", "Handle", "Mutex", "Section", "Semaphore", "SharedMemory", "SharedMemoryInfo", "Timer", "View",
    "Waited", "WaitResult", "WinshmError", "WinshmNotFoundError", "WinshmPermissionError",
    "wait_all", "wait_any",
]  # fmt: skip

PAGE_READONLY, PAGE_READWRITE = 0x02, 0x04
FILE_MAP_COPY, FILE_MAP_WRITE, FILE_MAP_READ = 0x0001, 0x0002, 0x0004
SECTION_QUERY = 0x0001
GENERIC_READ, GENERIC_WRITE = 0x80000000, 0x40000000
FILE_SHARE_ALL, OPEN_EXISTING, INVALID_HANDLE_VALUE = 0x7, 3, (1 << 64) - 1
SYNCHRONIZE = 0x00100000
EVENT_MODIFY_STATE = SEMAPHORE_MODIFY_STATE = TIMER_MODIFY_STATE = 0x0002
MAXIMUM_WAIT_OBJECTS = 64
ACCESS_DENIED, INVALID_HANDLE, ALREADY_EXISTS, BAD_EXE_FORMAT, FILE_INVALID = 5, 6, 183, 193, 1006
STATUS_ACCESS_DENIED = 0xC0000022

_WAIT_ABANDONED, _WAIT_IO_COMPLETION, _WAIT_TIMEOUT, _WAIT_FAILED = 0x80, 0xC0, 258, 0xFFFFFFFF
_SLICE_MS = 100
_LONGEST_MS = 0x7FFFFFFF
_SECONDS_FROM_1601_TO_1970 = 11644473600


# --- the library ---------------------------------------------------------------------


class _Info(ctypes.Structure):
    """SharedMemoryInfo of SharedMemory.h."""

    _fields_ = [
        ("struct_size", ctypes.c_uint32), ("kind", ctypes.c_int32), ("size", ctypes.c_uint64),
        ("sequence", ctypes.c_uint64), ("attached", ctypes.c_uint64), ("created", ctypes.c_int32),
        ("read_only", ctypes.c_int32), ("creator_pid", ctypes.c_uint32), ("last_pid", ctypes.c_uint32),
        ("owner_uid", ctypes.c_uint32), ("owner_gid", ctypes.c_uint32), ("mode", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32), ("create_time", ctypes.c_int64), ("attach_time", ctypes.c_int64),
        ("detach_time", ctypes.c_int64), ("change_time", ctypes.c_int64),
    ]  # fmt: skip


class _SectionInformation(ctypes.Structure):
    """SECTION_BASIC_INFORMATION of winshm_nt.h."""

    _fields_ = [
        ("BaseAddress", ctypes.c_void_p), ("AllocationAttributes", ctypes.c_uint32),
        ("MaximumSize", ctypes.c_int64),
    ]  # fmt: skip


# Results and parameters, in letters: p pointer or handle, s narrow text or bytes, w bytes
# in UTF-16, d DWORD or BOOL, l LONG, i int, z size_t, q pointer to a 64-bit integer.
_PROTOTYPES = """
    GetLastError=d FormatMessageA=d,dpddpdp CloseHandle=d,p
    CreateFileMappingW=p,ppdddw OpenFileMappingW=p,ddw MapViewOfFile=p,pdddz
    UnmapViewOfFile=d,p FlushViewOfFile=d,pz NtQuerySection=d,pdpzp
    CreateFileA=p,sddpddp
    CreateMutexW=p,pdw OpenMutexW=p,ddw ReleaseMutex=d,p
    CreateEventW=p,pddw OpenEventW=p,ddw SetEvent=d,p ResetEvent=d,p PulseEvent=d,p
    CreateSemaphoreW=p,pllw OpenSemaphoreW=p,ddw ReleaseSemaphore=d,plp
    CreateWaitableTimerW=p,pdw OpenWaitableTimerW=p,ddw
    SetWaitableTimer=d,pqlppd CancelWaitableTimer=d,p
    WaitForSingleObject=d,pd WaitForMultipleObjects=d,dpdd
    SharedMemoryCreate=i,szp SharedMemoryCreateMode=i,szdp SharedMemoryOpen=i,sp
    SharedMemoryOpenReadOnly=i,sp SharedMemoryWriteAt=i,pzpz SharedMemoryReadAt=i,pzpz
    SharedMemoryWait=i,pqd SharedMemoryStat=i,pp SharedMemorySetMode=i,pd
    SharedMemoryData=p,pp SharedMemoryClose=i,p SharedMemoryFree=i,p
"""
_TYPES: Dict[str, Any] = {
    "p": ctypes.c_void_p, "s": ctypes.c_char_p, "w": ctypes.c_char_p, "d": ctypes.c_uint32,
    "l": ctypes.c_int32, "i": ctypes.c_int, "z": ctypes.c_size_t, "q": ctypes.POINTER(ctypes.c_int64),
}  # fmt: skip


def _load() -> ctypes.CDLL:
    chosen = os.environ.get("WINSHM_LIBRARY")
    reasons = []
    for name in [chosen] if chosen else ["libwinshm.so.0", "libwinshm.so"]:
        try:
            library = ctypes.CDLL(name)
        except OSError as error:
            reasons.append(str(error))
            continue
        for prototype in _PROTOTYPES.split():
            function_name, letters = prototype.split("=")
            result, _, parameters = letters.partition(",")
            try:
                function = getattr(library, function_name)
            except AttributeError:
                raise ImportError(f"{name} is no libwinshm, or an old one: it has no {function_name}") from None
            function.restype = _TYPES[result]
            function.argtypes = [_TYPES[letter] for letter in parameters]
        return library
    raise ImportError(
        "libwinshm was not found: " + "; ".join(reasons) + ". Install it, or let the environment "
        "variable WINSHM_LIBRARY name the file, as /path/to/libwinshm.so"
    )


_library = _load()


def _wide(name: Optional[str]) -> Optional[bytes]:
    """A name as the ...W functions take it. c_wchar_p would have 32 bits a character."""
    if name is None:
        return None
    if "\0" in name:
        raise ValueError("embedded null character in a name")
    return name.encode("utf-16-le", "surrogatepass") + b"\0\0"


# --- errors --------------------------------------------------------------------------

_ERROR_NAMES = """
    0 SUCCESS 1 INVALID_FUNCTION 2 FILE_NOT_FOUND 3 PATH_NOT_FOUND 4 TOO_MANY_OPEN_FILES
    5 ACCESS_DENIED 6 INVALID_HANDLE 8 NOT_ENOUGH_MEMORY 13 INVALID_DATA 14 OUTOFMEMORY
    18 NO_MORE_FILES 19 WRITE_PROTECT 21 NOT_READY 24 BAD_LENGTH 31 GEN_FAILURE
    32 SHARING_VIOLATION 33 LOCK_VIOLATION 38 HANDLE_EOF 50 NOT_SUPPORTED 53 BAD_NETPATH
    80 FILE_EXISTS 87 INVALID_PARAMETER 109 BROKEN_PIPE 111 BUFFER_OVERFLOW 112 DISK_FULL
    120 CALL_NOT_IMPLEMENTED 121 SEM_TIMEOUT 122 INSUFFICIENT_BUFFER 123 INVALID_NAME
    126 MOD_NOT_FOUND 127 PROC_NOT_FOUND 131 NEGATIVE_SEEK 145 DIR_NOT_EMPTY 158 NOT_LOCKED
    161 BAD_PATHNAME 170 BUSY 182 INVALID_ORDINAL 183 ALREADY_EXISTS 193 BAD_EXE_FORMAT
    203 ENVVAR_NOT_FOUND 206 FILENAME_EXCED_RANGE 223 FILE_TOO_LARGE 231 PIPE_BUSY 232 NO_DATA
    234 MORE_DATA 235 NO_WORK_DONE 259 NO_MORE_ITEMS 267 DIRECTORY 288 NOT_OWNER
    298 TOO_MANY_POSTS 307 INVALID_LOCK_RANGE 317 MR_MID_NOT_FOUND 487 INVALID_ADDRESS
    995 OPERATION_ABORTED 996 IO_INCOMPLETE 997 IO_PENDING 998 NOACCESS 1004 INVALID_FLAGS
    1006 FILE_INVALID 1113 NO_UNICODE_TRANSLATION 1117 IO_DEVICE 1132 MAPPED_ALIGNMENT
    1168 NOT_FOUND 1223 CANCELLED 1224 USER_MAPPED_FILE 1305 UNKNOWN_REVISION
    1306 REVISION_MISMATCH 1307 INVALID_OWNER 1314 PRIVILEGE_NOT_HELD 1332 NONE_MAPPED
    1336 INVALID_ACL 1337 INVALID_SID 1338 INVALID_SECURITY_DESCR 1344 ALLOTTED_SPACE_EXCEEDED
    1359 INTERNAL_ERROR 1392 FILE_CORRUPT 1450 NO_SYSTEM_RESOURCES 1453 WORKING_SET_QUOTA
    1455 COMMITMENT_LIMIT 1460 TIMEOUT 1656 NOT_SAME_OBJECT 1784 INVALID_USER_BUFFER
    1812 RESOURCE_DATA_NOT_FOUND 1813 RESOURCE_TYPE_NOT_FOUND 1814 RESOURCE_NAME_NOT_FOUND
    1815 RESOURCE_LANG_NOT_FOUND 1921 CANT_RESOLVE_FILENAME
""".split()
_NAME_OF = {int(number): "ERROR_" + name for number, name in zip(_ERROR_NAMES[::2], _ERROR_NAMES[1::2])}
_NAME_OF[258] = "WAIT_TIMEOUT"
_ERRNO_OF = {
    2: errno.ENOENT, 3: errno.ENOENT, 4: errno.EMFILE, 5: errno.EACCES, 6: errno.EBADF, 8: errno.ENOMEM,
    50: errno.EOPNOTSUPP, 87: errno.EINVAL, 112: errno.ENOSPC, 123: errno.EINVAL, 161: errno.EINVAL,
    170: errno.EBUSY, 183: errno.EEXIST, 206: errno.ENAMETOOLONG, 288: errno.EPERM, 1455: errno.ENOMEM,
}  # fmt: skip


class WinshmError(OSError):
    """A function of the library failed.

    winerror is Windows' number, name its name (as ERROR_BUSY), function what failed, and
    errno the nearest number of Linux (EIO if there is none).
    """

    def __init__(self, winerror: int, function: str) -> None:
        self.winerror = winerror
        self.name = _NAME_OF.get(winerror, "error")
        self.function = function
        super().__init__(_ERRNO_OF.get(winerror, errno.EIO), _text_of(winerror))

    def __str__(self) -> str:
        return f"{self.function}: {self.strerror} [{self.name}, {self.winerror}]"

    def __reduce__(self) -> Any:
        return type(self), (self.winerror, self.function)


class WinshmNotFoundError(WinshmError, FileNotFoundError):
    """There is no object of that name."""


class WinshmPermissionError(WinshmError, PermissionError):
    """The object does not grant this, to this user or by this handle."""


def _text_of(code: int) -> str:
    from_system_ignoring_inserts = 0x1200
    buffer = ctypes.create_string_buffer(1024)
    length = _library.FormatMessageA(from_system_ignoring_inserts, None, code, 0, buffer, len(buffer), None)
    return buffer.raw[:length].decode("utf-8", "replace").strip() if length else "unknown error"


def _error(code: int, function: str) -> WinshmError:
    kinds: Dict[int, Type[WinshmError]] = {2: WinshmNotFoundError, 5: WinshmPermissionError}
    return kinds.get(code, WinshmError)(code, function)


def _call(name: str, *arguments: Any) -> Any:
    """Calls a function whose result is 0 or NULL on failure."""
    result = getattr(_library, name)(*arguments)
    if not result:
        raise _error(_library.GetLastError(), name)
    return result


def _check(name: str, *arguments: Any) -> None:
    """Calls a function of SharedMemory.h, whose result is the error."""
    code = getattr(_library, name)(*arguments)
    if code:
        raise _error(code, name)


# --- what must be closed -------------------------------------------------------------

_Self = TypeVar("_Self", bound="_Closing")


class _Closing:
    """Closes what it owns once: by close(), after `with`, or when it is dropped."""

    def __init__(self, what: int, close: Callable[[int], Any]) -> None:
        self._what = what
        self._finalizer = weakref.finalize(self, close, what)
        self._finalizer.atexit = False  # the end of the process closes everything

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def close(self) -> None:
        """Closes it. More than once does no harm."""
        self._finalizer()

    def _open(self) -> int:
        if self.closed:
            raise ValueError(f"this {type(self).__name__} is closed")
        return self._what

    def __reduce__(self) -> Any:
        kind = type(self).__name__
        raise TypeError(f"an object of class {kind} cannot be copied or sent to another process: open it there by name")

    def __enter__(self: _Self) -> _Self:
        self._open()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()


# For what several threads do with one array below, whose end can come in the middle of any
# of it. Taken for a fork: a child has no thread that would give it back.
_lock = threading.RLock()
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)

_is_collecting = False
_to_close: List[Tuple[Callable[[int], Any], int]] = []


def _close_after_collection(close: Callable[[int], Any], what: int) -> None:
    """Closes it; in a collection of garbage at its end. A `__del__` in the garbage runs
    after this, and may hold the last memoryview."""
    if _is_collecting:
        _to_close.append((close, what))
    else:
        close(what)


def _collecting(phase: str, _: Dict[str, int]) -> None:
    global _is_collecting
    _is_collecting = phase == "start"
    while _to_close and not _is_collecting:
        close, what = _to_close.pop()
        close(what)


gc.callbacks.append(_collecting)


class _Mapped(_Closing):
    """Memory that stays mapped as long as a memoryview of it exists.

    A memoryview holds on to the array below it, the array to this object, and this object
    weakly to the array: so what is closed ends with the last memoryview.
    """

    def __init__(self, what: int, close: Callable[[int], Any]) -> None:
        super().__init__(what, functools.partial(_close_after_collection, close))
        self._array: Optional[weakref.ref[Any]] = None
        self._is_let_go = False

    @property
    def closed(self) -> bool:
        return self._is_let_go or not self._finalizer.alive

    def close(self) -> None:
        """Closes it, more than once without harm; the memory stays as long as a memoryview of it is in use."""
        with _lock:
            self._is_let_go = True
            if not self._is_borrowed():
                self._finalizer()

    def _is_borrowed(self) -> bool:
        return self._array is not None and self._array() is not None

    def _borrow(self, where: Callable[[int], Any], writable: bool) -> memoryview:
        """A view of the memory; `where` tells its address and length."""
        with _lock:
            what = self._open()
            array = None if self._array is None else self._array()
            if array is None:
                address, length = where(what)
                kind: Any = type("Memory", (ctypes.c_ubyte * length,), {})
                array = kind.from_address(address)
                array.owner = self
                self._array = weakref.ref(array, self._give_back)
        memory = memoryview(array).cast("B")
        return memory if writable else memory.toreadonly()

    def _give_back(self, array: Any) -> None:
        with _lock:
            if self._array is array:
                self._array = None
                if self._is_let_go:
                    self._finalizer()


# --- objects -------------------------------------------------------------------------


class WaitResult(enum.Enum):
    """What came of a wait. Only TIMEOUT is false."""

    TIMEOUT = 0
    SIGNALLED = 1
    #: A mutex is the caller's now, and the owner before ended without releasing it.
    ABANDONED = 2

    def __bool__(self) -> bool:
        return self is not WaitResult.TIMEOUT


class Waited(NamedTuple):
    """Which object wait_any took; abandoned as in WaitResult.ABANDONED."""

    which: int
    abandoned: bool


class Handle(_Closing):
    """A handle of the library, and the owner of it: closed by CloseHandle.

    created is False if the object existed already; then what was asked of a new one
    (its size, its first state) did not count.
    """

    def __init__(self, handle: int, created: bool = False) -> None:
        super().__init__(handle, _library.CloseHandle)
        self.created = created

    @property
    def handle(self) -> int:
        """The number; ValueError if it is closed."""
        return self._open()

    def wait(self, timeout: Optional[float] = None) -> WaitResult:
        """Waits until the object is signalled, and takes what its kind gives (WaitForSingleObject)."""
        return wait_all([self], timeout)


def _create(function: str, *arguments: Any) -> Any:
    """The handle, and whether the object is new."""
    handle = _call(function, *arguments)
    return handle, _library.GetLastError() != ALREADY_EXISTS


class Mutex(Handle):
    """Owned by one thread at a time, which may acquire it several times over."""

    @classmethod
    def create(cls, name: Optional[str] = None, *, owned: bool = False) -> Mutex:
        """CreateMutexW. owned: the calling thread owns it, if it is new."""
        return cls(*_create("CreateMutexW", None, owned, _wide(name)))

    @classmethod
    def open(cls, name: str) -> Mutex:
        """OpenMutexW."""
        return cls(_call("OpenMutexW", SYNCHRONIZE, False, _wide(name)))

    def acquire(self, timeout: Optional[float] = None) -> WaitResult:
        """Waits until the calling thread owns it; tells if it was abandoned."""
        return self.wait(timeout)

    def release(self) -> None:
        """ReleaseMutex, once for each acquire; WinshmError (ERROR_NOT_OWNER) in any other thread."""
        _call("ReleaseMutex", self.handle)

    @contextlib.contextmanager
    def hold(self, timeout: Optional[float] = None) -> Iterator[WaitResult]:
        """For `with`: acquires, gives SIGNALLED or ABANDONED, releases. TimeoutError if the time is over."""
        result = self.acquire(timeout)
        if not result:
            raise TimeoutError("the mutex is owned by another thread")
        try:
            yield result
        finally:
            self.release()


class Event(Handle):
    """Set or not. A wait for an auto-reset one resets it."""

    @classmethod
    def create(cls, name: Optional[str] = None, *, manual_reset: bool = False, signalled: bool = False) -> Event:
        """CreateEventW."""
        return cls(*_create("CreateEventW", None, manual_reset, signalled, _wide(name)))

    @classmethod
    def open(cls, name: str) -> Event:
        """OpenEventW."""
        return cls(_call("OpenEventW", SYNCHRONIZE | EVENT_MODIFY_STATE, False, _wide(name)))

    def set(self) -> None:
        """SetEvent."""
        _call("SetEvent", self.handle)

    def reset(self) -> None:
        """ResetEvent."""
        _call("ResetEvent", self.handle)

    def pulse(self) -> None:
        """PulseEvent: releases who sleeps at this moment, and nobody else."""
        _call("PulseEvent", self.handle)


class Semaphore(Handle):
    """A count, of which each wait takes one."""

    @classmethod
    def create(cls, name: Optional[str] = None, *, count: int = 0, maximum: int = 0x7FFFFFFF) -> Semaphore:
        """CreateSemaphoreW."""
        return cls(*_create("CreateSemaphoreW", None, _long(count), _long(maximum), _wide(name)))

    @classmethod
    def open(cls, name: str) -> Semaphore:
        """OpenSemaphoreW."""
        return cls(_call("OpenSemaphoreW", SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, False, _wide(name)))

    def acquire(self, timeout: Optional[float] = None) -> bool:
        """Waits for one, and takes it; False if the time is over."""
        return bool(self.wait(timeout))

    def release(self, count: int = 1) -> int:
        """ReleaseSemaphore: adds so many, and tells what the count was."""
        before = ctypes.c_int32()
        _call("ReleaseSemaphore", self.handle, _long(count), ctypes.byref(before))
        return before.value


class Timer(Handle):
    """Signalled at a time, for every process that has it open. A wait for an auto-reset one resets it."""

    @classmethod
    def create(cls, name: Optional[str] = None, *, manual_reset: bool = False) -> Timer:
        """CreateWaitableTimerW."""
        return cls(*_create("CreateWaitableTimerW", None, manual_reset, _wide(name)))

    @classmethod
    def open(cls, name: str) -> Timer:
        """OpenWaitableTimerW."""
        return cls(_call("OpenWaitableTimerW", SYNCHRONIZE | TIMER_MODIFY_STATE, False, _wide(name)))

    def set(self, seconds: float, period: float = 0.0) -> None:
        """SetWaitableTimer: in so many seconds, then every period seconds (0: once)."""
        if not seconds >= 0:
            raise ValueError("a time that is past")
        self._set(-round(seconds * 10_000_000), period)

    def set_at(self, timestamp: float, period: float = 0.0) -> None:
        """SetWaitableTimer: when time.time() is the timestamp. Follows the clock if that is set."""
        self._set(max(round((timestamp + _SECONDS_FROM_1601_TO_1970) * 10_000_000), 0), period)

    def _set(self, due: int, period: float) -> None:
        if not period >= 0:
            raise ValueError("a negative period")
        milliseconds = _long(math.ceil(period * 1000))
        _call("SetWaitableTimer", self.handle, ctypes.c_int64(due), milliseconds, None, None, False)

    def cancel(self) -> None:
        """CancelWaitableTimer."""
        _call("CancelWaitableTimer", self.handle)


def _long(number: int) -> int:
    """A number that a LONG can have; ctypes would cut off what is too much."""
    if not -0x80000000 <= number <= 0x7FFFFFFF:
        raise OverflowError(f"{number} has more than 32 bits")
    return number


# --- waiting -------------------------------------------------------------------------


class _Signals:
    """Ends waits of the main thread when a signal came for which Python has a handler.

    Python's own handler, in C, writes the number of the signal into the file that
    signal.set_wakeup_fd names. During a wait that is a pipe here. A thread listens there,
    and sets an event, for which the main thread waits besides. It reads nothing: the main
    thread hands the numbers to the file that somebody else named before.
    """

    def __init__(self) -> None:
        self.came = Event.create()
        self.users = 0
        self._others = -1
        self._is_over = False
        self._reader, self._writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._close = weakref.finalize(self, _close_files, self._reader, self._writer)
        self._close.atexit = False
        self._poll = select.epoll()
        self._poll.register(self._reader, select.EPOLLIN | select.EPOLLET)  # each write anew
        self._thread = threading.Thread(target=self._listen, name="winshm signals", daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        try:
            try:
                # The thread begins with the same: signals are for the others.
                signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - {signal.SIGBUS, signal.SIGSEGV})
                self._thread.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        except BaseException:
            self._tell_the_end()
            raise

    def _listen(self) -> None:
        while self._poll.poll() and not self._is_over:
            self.came.set()

    def _tell_the_end(self) -> None:
        self._is_over = True
        with contextlib.suppress(BlockingIOError):
            os.write(self._writer, b"\0")
        self._poll.modify(self._reader, select.EPOLLIN)

    def while_listening(self, wait: Callable[[], int]) -> int:
        """Waits. For the main thread, as one of the users."""
        try:
            others = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        except ValueError:  # in a sub-interpreter, which has no signals
            return wait()
        if others != self._writer:
            self._others = others
        elif self.users == 1:  # not in a handler, in the middle of this: two interrupts left it so
            others = self._others
        try:
            return wait()
        finally:
            self._name_again(others)
            with contextlib.suppress(OSError):  # nearly always BlockingIOError: there are none
                numbers = os.read(self._reader, 4096)
                if others not in (-1, self._writer):
                    os.write(others, numbers)

    @staticmethod
    def _name_again(file: int) -> None:
        try:
            signal.set_wakeup_fd(file, warn_on_full_buffer=False)
        except (OSError, ValueError):  # it was closed meanwhile
            signal.set_wakeup_fd(-1)

    def stop(self) -> None:
        """For who forks: a child has no such thread, and Python would warn of it."""
        self._tell_the_end()
        self._thread.join()
        self._close_all()

    def forget(self) -> None:
        """For a child, which has no such thread, and the same pipe as its parent."""
        named = signal.set_wakeup_fd(-1)
        self._name_again(self._others if named == self._writer else named)
        self._close_all()

    def _close_all(self) -> None:
        self._close()
        self._poll.close()
        self.came.close()


def _close_files(*files: int) -> None:
    for file in files:
        os.close(file)


_signals: Optional[_Signals] = None


def _signals_for_use() -> Optional[_Signals]:
    """None: there are too many files or threads, or Python ends."""
    global _signals
    with _lock:
        if sys.is_finalizing():
            return None
        if _signals is None:
            try:
                _signals = _Signals()
            except (OSError, RuntimeError):
                return None
        _signals.users += 1
        return _signals


def _before_fork() -> None:
    global _signals
    with _lock:
        if _signals is not None and _signals.users == 0:
            _signals.stop()
            _signals = None


def _after_fork_in_child() -> None:
    global _signals
    mine, _signals = _signals, None
    if mine is not None:
        mine.forget()


os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)


def _until(timeout: Optional[float], wait: Callable[[int, Sequence[int]], int], for_more: bool) -> int:
    """Waits until the time is over. `wait` is told milliseconds, and what else to wait for; with
    for_more it can. It then says _WAIT_IO_COMPLETION, as Windows for a wait that is to go on."""
    if timeout is not None and not timeout >= 0:
        raise ValueError("a negative time-out")
    end = None if timeout is None or math.isinf(timeout) else time.monotonic() + timeout
    longest, signals = _LONGEST_MS, None
    if threading.current_thread() is threading.main_thread():
        code = wait(0, [])
        if code != _WAIT_TIMEOUT or timeout == 0:
            return code
        signals = _signals_for_use() if for_more else None
        longest = _SLICE_MS if signals is None else _LONGEST_MS
    try:
        while True:
            left = longest if end is None else math.ceil(max(end - time.monotonic(), 0.0) * 1000)
            if signals is None:
                code = wait(min(left, longest), [])
            else:
                also = [signals.came.handle]
                code = signals.while_listening(lambda: wait(min(left, longest), also))
            if code == _WAIT_TIMEOUT and end is not None and left <= longest:
                return code
            if code not in (_WAIT_TIMEOUT, _WAIT_IO_COMPLETION):
                return code
    finally:
        if signals is not None:
            signals.users -= 1  # by nobody else: this is the main thread


def _wait_for(objects: Sequence[Handle], for_all: bool, timeout: Optional[float]) -> int:
    if not 1 <= len(objects) <= MAXIMUM_WAIT_OBJECTS:
        raise ValueError(f"a wait is for 1 to {MAXIMUM_WAIT_OBJECTS} objects, not {len(objects)}")

    def wait(milliseconds: int, also: Sequence[int]) -> int:
        handles = [each.handle for each in objects]
        handles.extend(also)
        if len(handles) == 1:
            function = "WaitForSingleObject"
            code = _library.WaitForSingleObject(handles[0], milliseconds)
        else:
            function = "WaitForMultipleObjects"
            array = (ctypes.c_void_p * len(handles))(*handles)
            code = _library.WaitForMultipleObjects(len(handles), array, for_all, milliseconds)
        if code == _WAIT_FAILED:
            raise _error(_library.GetLastError(), function)
        return _WAIT_IO_COMPLETION if also and code == len(objects) else int(code)

    for_all = for_all and len(objects) > 1
    return _until(timeout, wait, not for_all and len(objects) < MAXIMUM_WAIT_OBJECTS)


def wait_any(objects: Sequence[Handle], timeout: Optional[float] = None) -> Optional[Waited]:
    """Takes the first object of the sequence that is signalled; None if the time is over."""
    code = _wait_for(objects, False, timeout)
    if code == _WAIT_TIMEOUT:
        return None
    abandoned = code >= _WAIT_ABANDONED
    return Waited(code - _WAIT_ABANDONED if abandoned else code, abandoned)


def wait_all(objects: Sequence[Handle], timeout: Optional[float] = None) -> WaitResult:
    """Takes all objects at one instant, when all are signalled; ABANDONED if one was."""
    code = _wait_for(objects, True, timeout)
    if code == _WAIT_TIMEOUT:
        return WaitResult.TIMEOUT
    return WaitResult.ABANDONED if code >= _WAIT_ABANDONED else WaitResult.SIGNALLED


# --- sections and views --------------------------------------------------------------


class _HasDescriptor(Protocol):
    def fileno(self) -> int: ...


#: A path, a descriptor, or an open file: what has fileno().
File = Union[str, bytes, "os.PathLike[Any]", int, _HasDescriptor]


class Section(Handle):
    """Memory with a name, of its own or of a file. It cannot be waited for."""

    @classmethod
    def create(cls, name: Optional[str], size: int, *, writable: bool = True) -> Section:
        """CreateFileMappingW; the memory is zero if it is new. writable: whether this handle may write."""
        return cls(*_create_section(INVALID_HANDLE_VALUE, name, size, writable))

    @classmethod
    def of_file(cls, file: File, size: int = 0, name: Optional[str] = None, *, writable: bool = True) -> Section:
        """CreateFileMappingW of a file, which must exist; size 0: all of it. A smaller file grows, if writable.

        The section has the file open itself: what was given may be closed at once, and is never closed here.
        It is opened anew, so the process must still be allowed to; and a deleted file cannot be had. What a
        Python file has in its buffer must be flushed before. A descriptor that cannot write gives none that
        can (WinshmPermissionError). WinshmError 1006: the file is empty, or deleted; 193: no file with bytes
        (a directory, a pipe); 8: it is smaller, and not writable; 32: another program of this library does
        not share it.

        As with mmap, a program that cuts the file off takes its pages from those who have them mapped, whom
        the system ends (SIGBUS) when they touch these.
        """
        if isinstance(file, int) or hasattr(file, "fileno"):
            return cls(*_create_section_of(file if isinstance(file, int) else file.fileno(), name, size, writable))
        # Without waiting for the other end of a pipe, which is refused anyway.
        descriptor = os.open(file, (os.O_RDWR if writable else os.O_RDONLY) | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            return cls(*_create_section_of(descriptor, name, size, writable))
        finally:
            os.close(descriptor)

    @classmethod
    def open(cls, name: str, *, writable: bool = True) -> Section:
        """OpenFileMappingW."""
        access = FILE_MAP_READ | FILE_MAP_WRITE if writable else FILE_MAP_READ
        return cls(_call("OpenFileMappingW", access | SECTION_QUERY, False, _wide(name)))

    @property
    def size(self) -> int:
        """NtQuerySection: the bytes of the file that it has; of memory, whole pages."""
        information = _SectionInformation()
        size = ctypes.sizeof(information)
        status = _library.NtQuerySection(self.handle, 0, ctypes.byref(information), size, None)
        if status:
            raise _error(ACCESS_DENIED if status == STATUS_ACCESS_DENIED else INVALID_HANDLE, "NtQuerySection")
        return int(information.MaximumSize)

    def map(self, offset: int = 0, length: int = 0, *, writable: bool = True, private: bool = False) -> View:
        """MapViewOfFile. offset is a multiple of 65536; length 0: up to the end of the section.
        private: what is written here, nobody else sees, nor the file."""
        if not (0 <= offset < 1 << 64 and 0 <= length < 1 << 64):
            raise OverflowError("no offset and length of a view")
        access = FILE_MAP_READ | FILE_MAP_WRITE if writable else FILE_MAP_READ
        if private:
            access = FILE_MAP_COPY
        address = _call("MapViewOfFile", self.handle, access, offset >> 32, offset & 0xFFFFFFFF, length)
        try:
            return View(address, length or self.size - offset, writable or private)
        except BaseException:
            _library.UnmapViewOfFile(address)
            raise


def _create_section(file: int, name: Optional[str], size: int, writable: bool) -> Any:
    if not 0 <= size < 1 << 64:
        raise OverflowError(f"{size} is no size")
    protection = PAGE_READWRITE if writable else PAGE_READONLY
    return _create("CreateFileMappingW", file, None, protection, size >> 32, size & 0xFFFFFFFF, _wide(name))


def _create_section_of(descriptor: int, name: Optional[str], size: int, writable: bool) -> Any:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise _error(BAD_EXE_FORMAT, "CreateFileMappingW")
    if status.st_nlink == 0:
        raise _error(FILE_INVALID, "CreateFileMappingW")
    mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
    access = (0 if mode == os.O_WRONLY else GENERIC_READ) | (0 if mode == os.O_RDONLY else GENERIC_WRITE)
    # Not by its path, which may lead elsewhere by now, and in which \\ would separate.
    path = b"/proc/self/fd/%d" % descriptor
    handle = _library.CreateFileA(path, access, FILE_SHARE_ALL, None, OPEN_EXISTING, 0, None)
    if handle == INVALID_HANDLE_VALUE:
        raise _error(_library.GetLastError(), "CreateFileA")
    try:
        return _create_section(handle, name, size, writable)
    finally:
        _library.CloseHandle(handle)


class View(_Mapped):
    """Mapped memory of a section, which it does not need to be open any more. Made by Section.map."""

    def __init__(self, address: int, length: int, writable: bool) -> None:
        super().__init__(address, _library.UnmapViewOfFile)
        self._length = length
        self._writable = writable

    def __len__(self) -> int:
        return self._length

    @property
    def address(self) -> int:
        return self._open()

    @property
    def memory(self) -> memoryview:
        """The bytes themselves; they stay mapped as long as this memoryview is in use."""
        return self._borrow(lambda address: (address, self._length), self._writable)

    def __buffer__(self, flags: int) -> memoryview:
        """memoryview(view), since Python 3.12."""
        return self.memory

    def flush(self) -> None:
        """FlushViewOfFile."""
        _call("FlushViewOfFile", self._open(), 0)


# --- SharedMemory --------------------------------------------------------------------


class SharedMemoryInfo(NamedTuple):
    """What SharedMemory.stat tells; times in seconds since 1970, 0 where nothing is known."""

    kind: int  #: 1 winshm, 2 POSIX, 3 System V
    size: int
    sequence: int
    attached: int
    created: bool
    read_only: bool
    creator_pid: int
    last_pid: int
    owner_uid: int
    owner_gid: int
    mode: int
    create_time: int
    attach_time: int
    detach_time: int
    change_time: int


class SharedMemory(_Mapped):
    """A segment that is read and written whole: nobody reads half of a write.

    The name tells the kind: "telemetry" vanishes with its last user; "/telemetry" is the
    object of shm_open, "SysV\\\\1234" the System V segment of that key.
    """

    def __init__(self, memory: int) -> None:
        super().__init__(memory, _library.SharedMemoryClose)
        #: How many writes the last wait() knew of.
        self.sequence = 0

    @classmethod
    def create(cls, name: str, size: int, mode: Optional[int] = None) -> SharedMemory:
        """SharedMemoryCreate, or with a mode SharedMemoryCreateMode: a new segment, or the existing one."""
        if not 0 <= size < 1 << 63:
            raise OverflowError(f"{size} is no size")
        memory = ctypes.c_void_p()
        if mode is None:
            _check("SharedMemoryCreate", _narrow(name), size, ctypes.byref(memory))
        else:
            _check("SharedMemoryCreateMode", _narrow(name), size, mode, ctypes.byref(memory))
        return cls(memory.value or 0)

    @classmethod
    def open(cls, name: str, *, writable: bool = True) -> SharedMemory:
        """SharedMemoryOpen or SharedMemoryOpenReadOnly."""
        memory = ctypes.c_void_p()
        function = "SharedMemoryOpen" if writable else "SharedMemoryOpenReadOnly"
        _check(function, _narrow(name), ctypes.byref(memory))
        return cls(memory.value or 0)

    def write(self, data: Any, offset: int = 0) -> None:
        """SharedMemoryWriteAt: all of the bytes (or of another object with a buffer), or nothing."""
        contents = data if isinstance(data, bytes) else memoryview(data).tobytes()
        if contents:
            _check("SharedMemoryWriteAt", self._open(), _size(offset), contents, len(contents))

    def read(self, size: Optional[int] = None, offset: int = 0) -> bytes:
        """SharedMemoryReadAt: so many bytes, or all from the offset on. WinshmError 13: a writer died in them."""
        if size is None:
            size = max(self.stat().size - _size(offset), 0)
        if size == 0:
            return b""
        buffer = ctypes.create_string_buffer(_size(size))
        _check("SharedMemoryReadAt", self._open(), _size(offset), buffer, size)
        return buffer.raw

    def wait(self, timeout: Optional[float] = None) -> bool:
        """SharedMemoryWait: until there were more writes than at the last wait; False if the time is over."""
        sequence = ctypes.c_int64(self.sequence)
        memory = self._open()
        code = _until(timeout, lambda ms, _: int(_library.SharedMemoryWait(memory, sequence, ms)), False)
        if code == _WAIT_TIMEOUT:
            return False
        if code:
            raise _error(code, "SharedMemoryWait")
        self.sequence = sequence.value
        return True

    def stat(self) -> SharedMemoryInfo:
        """SharedMemoryStat."""
        info = _Info(struct_size=ctypes.sizeof(_Info))
        _check("SharedMemoryStat", self._open(), ctypes.byref(info))
        values: List[Any] = [getattr(info, name) for name in SharedMemoryInfo._fields]
        told = SharedMemoryInfo(*values)
        return told._replace(created=bool(told.created), read_only=bool(told.read_only))

    def set_mode(self, mode: int) -> None:
        """SharedMemorySetMode."""
        _check("SharedMemorySetMode", self._open(), mode)

    @property
    def memory(self) -> memoryview:
        """The bytes themselves (SharedMemoryData). What is done there is not protected from being read half."""

        def where(memory: int) -> Any:
            size = ctypes.c_size_t()
            return _call("SharedMemoryData", memory, ctypes.byref(size)), size.value

        return self._borrow(where, not self.stat().read_only)

    def free(self) -> None:
        """SharedMemoryFree: closes and destroys it. BufferError as long as a memoryview of it is in use."""
        with _lock:
            memory = self._open()
            if self._is_borrowed():
                raise BufferError("a memoryview of the segment is in use")
            _check("SharedMemoryFree", memory)
            self._finalizer.detach()


def _narrow(name: str) -> bytes:
    if "\0" in name:
        raise ValueError("embedded null character in a name")
    return name.encode("utf-8", "surrogateescape")


def _size(number: int) -> int:
    if not 0 <= number < 1 << 63:
        raise OverflowError(f"{number} is no number of bytes")
    return number
