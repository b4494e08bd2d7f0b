"""Tests of winshm.py, among several processes in Python and in C.

WINSHM_LIBRARY is the library.
Prints "N passed, N failed"; the status is 0 if nothing failed.
"""

from __future__ import annotations

import ast
import copy
import errno
import faulthandler
import gc
import os
import pickle
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Callable, List

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = Path(tempfile.mkdtemp(prefix="winshm-python."))
os.environ["WINSHM_DIR"] = str(WORK / "names")  # before the library is loaded
(WORK / "names").mkdir()
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from winshm import (  # noqa: E402
    _NAME_OF, Event, Mutex, Section, Semaphore, SharedMemory, Timer, Waited, WaitResult, WinshmError,
    WinshmNotFoundError, WinshmPermissionError, wait_all, wait_any,
)  # fmt: skip


def unique(name: str) -> str:
    return f"Local\\{name}.{os.getpid()}"


class Peer:
    """A program that obeys words, and answers each with a line."""

    def __init__(self, command: List[str]) -> None:
        environment = dict(os.environ, PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
        )

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: Any) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.kill()
        self.process.wait(60)
        self.process.stdin.close()
        self.process.stdout.close()

    def tell(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().decode().rstrip("\n")

    def ask(self, text: str) -> str:
        self.tell(text)
        return self.answer()


def python(program: str, *arguments: str) -> Peer:
    """Another Python, which ends by itself after a minute."""
    beginning = "import signal, sys; signal.alarm(60); from winshm import *\n"
    return Peer([sys.executable, "-u", "-c", beginning + program, *arguments])


def in_c() -> Peer:
    return Peer([str(WORK / "peer")])


def is_mapped(address: int) -> bool:
    return any(
        int(line.split("-")[0], 16) <= address < int(re.split("[- ]", line)[1], 16)
        for line in Path("/proc/self/maps").read_text().splitlines()
    )


def until_asleep(process: int) -> None:
    """Returns when the process waits for a futex, by either system call for that."""
    while Path(f"/proc/{process}/syscall").read_text().split()[0] not in ["202", "449"]:
        time.sleep(0.001)


def sleeps_on() -> bool:
    """Whether the main thread sleeps, and does not wake for a quarter of a second; asked up to twenty times."""
    status = Path(f"/proc/self/task/{os.getpid()}/status")

    def wakings() -> Any:
        return re.findall(r"^State:\tS|^vol\w+:\t(\d+)", status.read_text(), re.M)

    for _ in range(20):
        before = wakings()
        time.sleep(0.25)
        if len(before) == 2 and wakings() == before:
            return True
    return False


def kill_when_asleep(number: int) -> None:
    """Sends this process a signal when the main thread waits."""

    def other() -> None:
        sleeps_on()
        os.kill(os.getpid(), number)

    threading.Thread(target=other).start()


class Sections(unittest.TestCase):
    def test_a_name_is_the_same_in_both_languages_in_any_script(self) -> None:
        for name in ["plain", "été", "한국어", "𝄞clef"]:
            with self.subTest(name), in_c() as peer:
                name = unique(name)
                with Section.create(name, 70000) as section, section.map() as view:
                    self.assertTrue(section.created)
                    view.memory[:5] = b"hello"
                    self.assertEqual(peer.ask(f"section {name}"), 'found "hello"')
                    self.assertEqual(bytes(view.memory[:6]), b"from C")

    def test_a_section_lives_as_long_as_a_handle(self) -> None:
        name = unique("life")
        section = Section.create(name, 10)
        again = Section.create(name, 10)
        self.assertEqual((section.created, again.created), (True, False))
        again.close()
        again.close()
        self.assertTrue(again.closed)
        Section.open(name).close()
        del section  # without close: the finalizer does it
        gc.collect()
        with self.assertRaises(WinshmNotFoundError) as caught:
            Section.open(name)
        self.assertEqual((caught.exception.winerror, caught.exception.name), (2, "ERROR_FILE_NOT_FOUND"))

    def test_a_memoryview_keeps_the_memory_mapped_when_all_else_is_closed(self) -> None:
        section = Section.create(None, 200000)
        view = section.map(65536)
        address, memory = view.address, view.memory
        self.assertEqual((len(view), len(memory)), (200704 - 65536, 200704 - 65536))
        piece = memory[100000:]
        view.close()
        section.close()
        self.assertTrue(view.closed)
        self.assertRaises(ValueError, lambda: view.memory)
        memory[0] = 1
        piece[0] = 2
        del memory
        piece[1] = 3
        self.assertEqual(bytes(piece[:2]), b"\2\3")
        self.assertTrue(is_mapped(address))
        piece.release()
        self.assertFalse(is_mapped(address), "the last memoryview is gone")

    def test_a_memoryview_keeps_the_memory_mapped_when_the_view_is_dropped(self) -> None:
        view = Section.create(None, 10).map()
        address, memory = view.address, view.memory
        del view
        gc.collect()
        memory[9] = 9
        self.assertTrue(is_mapped(address))
        del memory
        self.assertFalse(is_mapped(address))
        view = Section.create(None, 10).map()
        address = view.address
        del view
        self.assertFalse(is_mapped(address), "there was no memoryview")

    def test_garbage_in_a_cycle_may_look_at_its_memory_until_it_is_gone(self) -> None:
        name, seen = unique("cycle"), []

        class Owner:
            def __init__(self) -> None:
                self.section = Section.create(name, 4096)
                self.memory = self.section.map().memory
                self.memory[0] = 7
                self.cycle = self

            def __del__(self) -> None:
                seen.append(self.memory[0])

        Owner()
        gc.collect()
        self.assertEqual(seen, [7])
        with Section.create(name, 4096) as section:
            self.assertTrue(section.created, "the old one went with the garbage")

    def test_what_is_mapped_for_reading_cannot_be_written(self) -> None:
        name = unique("reading")
        with Section.create(name, 10), Section.open(name, writable=False) as section:
            self.assertRaises(WinshmPermissionError, section.map)
            with section.map(writable=False) as view:
                with self.assertRaises(TypeError):
                    view.memory[0] = 1
                view.flush()
            self.assertRaises(WinshmPermissionError, section.map, 0, 1 << 40, writable=False)

    def test_a_view_is_a_buffer_itself(self) -> None:
        with Section.create(None, 10) as section, section.map() as view:
            # Python before 3.12 does not look for the method.
            buffer = memoryview(view) if sys.version_info >= (3, 12) else view.__buffer__(0)
            buffer[0] = 7
            self.assertEqual(view.memory[0], 7)

    def test_impossible_arguments_are_errors(self) -> None:
        self.assertRaises(ValueError, Section.create, "a\0b", 10)
        self.assertRaises(OverflowError, Section.create, None, -1)
        self.assertRaises(OverflowError, Section.create, None, 1 << 64)
        for name, size, code in [(None, 0, 87), ("a\\b", 10, 3), ("x" * 40000, 10, 206)]:
            with self.assertRaises(WinshmError) as caught:
                Section.create(name, size)
            self.assertEqual(caught.exception.winerror, code)
        with Event.create(unique("kind")):
            with self.assertRaises(WinshmError) as caught:
                Section.open(unique("kind"))
            self.assertEqual(caught.exception.name, "ERROR_INVALID_HANDLE")


class Files(unittest.TestCase):
    def setUp(self) -> None:
        self.path = WORK / "one\\file"  # no folder: a name with a backslash
        self.path.write_bytes(b"0123456789")

    def test_every_way_to_name_a_file_leads_to_it(self) -> None:
        with open(self.path, "r+b") as file:
            ways: List[Any] = [self.path, str(self.path), os.fsencode(self.path), file, file.fileno()]
            for number, way in enumerate(ways):
                with self.subTest(way), Section.of_file(way) as section, section.map() as view:
                    self.assertEqual((section.size, len(view), view.memory[9:].tobytes()), (10, 10, b"9"))
                    view.memory[number] = ord("x")
            self.assertEqual(file.read(), b"xxxxx56789")

    def test_it_is_mapped_when_what_named_it_is_closed(self) -> None:
        name = unique("file")
        file = open(self.path, "r+b")
        section = Section.of_file(file, name=name)
        file.close()
        with section, Section.open(name) as other, other.map() as view:
            self.assertEqual((other.size, bytes(view.memory)), (10, b"0123456789"))
            section.close()
            view.memory[0] = ord("x")
            view.flush()
            self.assertEqual(self.path.read_bytes(), b"x123456789")
            with Section.of_file(self.path, name=name) as again:
                self.assertFalse(again.created)
            before = len(os.listdir("/proc/self/fd"))
            self.assertRaises(WinshmError, Section.of_file, os.devnull)
            self.assertRaises(WinshmError, Section.of_file, self.path, 1 << 63)
            self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def test_a_smaller_file_grows(self) -> None:
        with Section.of_file(self.path, 100000) as section, section.map(65536) as view:
            self.assertEqual((len(view), self.path.stat().st_size), (100000 - 65536, 100000))
            view.memory[-1] = 7
        self.assertEqual(self.path.read_bytes()[:11] + self.path.read_bytes()[-2:], b"0123456789\0\0\7")

    def test_what_may_only_be_read_is_not_written(self) -> None:
        with open(self.path, "rb") as file:
            self.assertRaises(WinshmPermissionError, Section.of_file, file)
            with Section.of_file(file, writable=False) as section:
                self.assertRaises(WinshmError, section.map)
                with section.map(writable=False) as view:
                    self.assertTrue(view.memory.readonly)
                with section.map(private=True) as view, section.map(writable=False) as other:
                    view.memory[:5] = b"mine!"
                    self.assertEqual((bytes(view.memory), bytes(other.memory)), (b"mine!56789", b"0123456789"))
            with self.assertRaises(WinshmError) as caught:
                Section.of_file(file, 11, writable=False)
            self.assertEqual(caught.exception.name, "ERROR_NOT_ENOUGH_MEMORY")
        with open(self.path, "ab") as file:
            self.assertRaises(WinshmPermissionError, Section.of_file, file)
            self.assertRaises(WinshmPermissionError, Section.of_file, file, writable=False)
        self.assertEqual(self.path.read_bytes(), b"0123456789")

    def test_what_is_no_file_with_bytes_is_an_error(self) -> None:
        def refused(what: Any, code: int) -> None:
            with self.subTest(what), self.assertRaises(WinshmError) as caught:
                Section.of_file(what, writable=False)
            self.assertEqual(caught.exception.winerror, code)

        os.mkfifo(WORK / "pipe")
        for what in [WORK, WORK / "pipe", "/dev/zero"]:
            refused(what, 193)
        first, second = socket.socketpair()
        with first, second:
            refused(first, 193)
        with tempfile.TemporaryFile() as deleted, open(self.path, "wb") as empty:
            deleted.write(b"bytes")
            refused(deleted, 1006)
            refused(self.path, 1006)
            empty.close()
            self.assertRaises(ValueError, Section.of_file, empty)
        self.assertRaises(FileNotFoundError, Section.of_file, WORK / "nothing")
        self.assertRaises(IsADirectoryError, Section.of_file, WORK)
        self.assertRaises(OverflowError, Section.of_file, self.path, -1)
        self.assertRaises(TypeError, Section.of_file, None)
        with self.assertRaises(OSError) as caught:
            Section.of_file(-1)
        self.assertEqual(caught.exception.errno, errno.EBADF)


class Mutexes(unittest.TestCase):
    def test_a_killed_owner_is_told_of_to_the_next_one_once(self) -> None:
        name = unique("killed")
        owners = {
            "python": lambda: python(f"m = Mutex.create({name!r}); print(m.acquire().name); sys.stdin.read()"),
            "c": in_c,
        }
        for kind, start in owners.items():
            with self.subTest(kind), Mutex.create(name) as mutex, start() as owner:
                said = owner.ask(f"acquire {name}") if kind == "c" else owner.answer()
                self.assertIn(said, ["acquired 0", "SIGNALLED"])
                self.assertFalse(mutex.acquire(0))
                owner.process.kill()
                with mutex.hold() as result:
                    self.assertIs(result, WaitResult.ABANDONED)
                with mutex.hold(0) as result:
                    self.assertIs(result, WaitResult.SIGNALLED)

    def test_it_belongs_to_a_thread(self) -> None:
        with Mutex.create(owned=True) as mutex:
            seen: List[Any] = []

            def other() -> None:
                seen.append(mutex.acquire(0))
                try:
                    mutex.release()
                except WinshmError as error:
                    seen.append(error.name)
                try:
                    with mutex.hold(0):
                        seen.append("got it")
                except TimeoutError:
                    seen.append("no time")

            thread = threading.Thread(target=other)
            thread.start()
            thread.join(60)
            self.assertEqual(seen, [WaitResult.TIMEOUT, "ERROR_NOT_OWNER", "no time"])
            self.assertTrue(mutex.acquire())  # once more
            mutex.release()
            mutex.release()
            self.assertRaises(WinshmError, mutex.release)

    def test_a_thread_that_ends_abandons_it(self) -> None:
        with Mutex.create() as mutex, Event.create() as event:
            thread = threading.Thread(target=mutex.acquire)
            thread.start()
            thread.join(60)  # which Python says a moment before the thread ends
            self.assertEqual(wait_any([event, mutex], 60), Waited(1, True))
            mutex.release()


class Waits(unittest.TestCase):
    def test_events(self) -> None:
        name = unique("event")
        with Event.create(name) as event, Event.open(name) as other, in_c() as peer:
            self.assertIs(event.wait(0), WaitResult.TIMEOUT)
            self.assertEqual(peer.ask(f"set {name}"), "set")
            self.assertIs(other.wait(60), WaitResult.SIGNALLED)
            self.assertFalse(event.wait(0))
        with Event.create(manual_reset=True, signalled=True) as event:
            self.assertTrue(event.wait() and event.wait())
            event.reset()
            event.pulse()
            self.assertFalse(event.wait(0))

    def test_semaphores(self) -> None:
        with Semaphore.create(unique("semaphore"), count=1, maximum=3) as semaphore:
            self.assertTrue(semaphore.acquire())
            self.assertFalse(semaphore.acquire(0.01))
            self.assertEqual(semaphore.release(2), 0)
            self.assertEqual(Semaphore.open(unique("semaphore")).release(), 2)
            with self.assertRaises(WinshmError) as caught:
                semaphore.release()
            self.assertEqual(caught.exception.name, "ERROR_TOO_MANY_POSTS")
            self.assertRaises(OverflowError, semaphore.release, 1 << 32)

    def test_timers(self) -> None:
        with Timer.create(unique("timer"), manual_reset=True) as timer:
            begin = time.monotonic()
            timer.set(0.05)
            self.assertTrue(Timer.open(unique("timer")).wait(60))
            self.assertGreaterEqual(time.monotonic() - begin, 0.05)
            timer.set_at(time.time() + 3600)
            self.assertFalse(timer.wait(0))
            timer.set_at(time.time() - 1)
            self.assertTrue(timer.wait(60))
            timer.set(3600)
            timer.cancel()
            self.assertFalse(timer.wait(0))
            self.assertRaises(ValueError, timer.set, -1)
        with Timer.create() as timer:
            timer.set(0.0, 0.001)
            self.assertTrue(all(timer.wait(60) for _ in range(3)))

    def test_any_and_all(self) -> None:
        with Event.create() as event, Semaphore.create(count=1) as semaphore, Mutex.create() as mutex:
            self.assertEqual(wait_any([event, semaphore, mutex]), Waited(1, False))
            self.assertIsNone(wait_any([event, semaphore], 0.01))
            self.assertIs(wait_all([event, mutex], 0), WaitResult.TIMEOUT)
            event.set()
            self.assertIs(wait_all([event, mutex], 60), WaitResult.SIGNALLED)
            mutex.release()
            self.assertFalse(event.wait(0))
            self.assertRaises(ValueError, wait_any, [])
            self.assertRaises(ValueError, wait_any, [event] * 65)
            self.assertRaises(ValueError, event.wait, -1)
            self.assertRaises(ValueError, event.wait, float("nan"))
            with self.assertRaises(WinshmError) as caught:
                wait_all([event, event], 0)
            self.assertEqual(caught.exception.name, "ERROR_INVALID_PARAMETER")
        self.assertRaises(ValueError, event.wait)
        self.assertRaises(ValueError, event.__enter__)

    def test_a_wait_of_the_main_thread_takes_its_time_in_one_piece(self) -> None:
        with Event.create() as event:
            begin = time.monotonic()
            self.assertFalse(event.wait(0.25))
            self.assertGreaterEqual(time.monotonic() - begin, 0.25)
            slept: List[bool] = []

            def other() -> None:
                slept.append(sleeps_on())
                event.pulse()

            thread = threading.Thread(target=other)
            thread.start()
            self.assertTrue(event.wait(60))
            thread.join(60)
            self.assertEqual(slept, [True])

    def test_a_wait_that_cannot_be_woken_takes_its_time(self) -> None:
        events = [Event.create() for _ in range(64)]
        waits: List[Callable[[float], Any]] = [
            lambda seconds: wait_all(events[:2], seconds), lambda seconds: wait_any(events, seconds),
        ]  # fmt: skip
        for wait in waits:
            begin = time.monotonic()
            self.assertFalse(wait(0.25))
            self.assertGreaterEqual(time.monotonic() - begin, 0.25)

    def test_a_wait_goes_on_after_a_handler(self) -> None:
        handled: List[int] = []

        def handler(number: int, _: Any) -> None:
            handled.append(number)
            self.assertFalse(inner.wait(0.01))
            event.set()

        before = signal.signal(signal.SIGUSR1, handler)
        try:
            with Event.create() as event, Event.create() as inner:
                kill_when_asleep(signal.SIGUSR1)
                self.assertTrue(event.wait(60))
                self.assertEqual(handled, [signal.SIGUSR1])
                self.assertFalse(event.wait(0.01))
        finally:
            signal.signal(signal.SIGUSR1, before)

    def test_who_listens_for_signals_hears_of_them(self) -> None:
        before = signal.signal(signal.SIGUSR1, lambda *_: event.set())
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno())
        try:
            with ours, theirs, Event.create() as event:
                kill_when_asleep(signal.SIGUSR1)
                self.assertTrue(event.wait(60))
                self.assertEqual(ours.recv(100), bytes([signal.SIGUSR1]))
                self.assertEqual(signal.set_wakeup_fd(theirs.fileno()), theirs.fileno())
        finally:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGUSR1, before)

    def test_without_a_descriptor_a_signal_ends_a_wait_a_little_later(self) -> None:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, lambda *_: event.set())
            event = Event.create()
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            os._exit(0 if event.wait(60) else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_ctrl_c_ends_every_wait_without_end(self) -> None:
        waits = ["e.wait()", "m.acquire()", "wait_any([e, m])", "wait_all([e, m])", "s.wait()"]
        for wait in waits:
            program = f"""
e, m, s = Event.create(), Mutex.open(sys.argv[1]), SharedMemory.create(sys.argv[2], 8)
try:
    print("waiting")
    {wait}
except KeyboardInterrupt:
    print("interrupted")
"""
            with self.subTest(wait), Mutex.create(unique("held"), owned=True):
                with python(program, unique("held"), f"memory.{os.getpid()}") as peer:
                    self.assertEqual(peer.answer(), "waiting")
                    until_asleep(peer.process.pid)
                    peer.process.send_signal(signal.SIGINT)
                    self.assertEqual(peer.answer(), "interrupted")

    def test_a_forked_child_has_the_handles(self) -> None:
        with Event.create() as event, Mutex.create(owned=True) as mutex:
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                owns = bool(mutex.acquire(0))
                event.set()
                os._exit(1 if owns else 0)
            self.assertTrue(event.wait(60))
            self.assertEqual(os.waitpid(child, 0)[1], 0, "a forked child owns no mutex")

    def test_a_thread_forks_while_the_main_thread_waits(self) -> None:
        seen: List[int] = []

        def other() -> None:
            sleeps_on()
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                free = signal.set_wakeup_fd(-1) == -1
                os._exit(0 if free and not Event.create().wait(0.01) else 1)
            seen.append(os.waitpid(child, 0)[1])
            os.kill(os.getpid(), signal.SIGUSR1)

        before = signal.signal(signal.SIGUSR1, lambda *_: event.set())
        try:
            with Event.create() as event:
                threading.Thread(target=other).start()
                self.assertTrue(event.wait(60))
                self.assertEqual(seen, [0])
        finally:
            signal.signal(signal.SIGUSR1, before)

    def test_who_waited_forks_as_if_there_was_one_thread(self) -> None:
        with Event.create() as event:
            for _ in range(3):
                self.assertFalse(event.wait(0.01))
                before = len(os.listdir("/proc/self/fd"))
                child = os.fork()
                if child == 0:
                    alone = [thread.name for thread in threading.enumerate()] == ["MainThread"]
                    os._exit(0 if alone and len(os.listdir("/proc/self/fd")) < before else 1)
                self.assertEqual(os.waitpid(child, 0)[1], 0)
                self.assertLess(len(os.listdir("/proc/self/fd")), before)

    def test_a_child_uses_memory_that_other_threads_were_using_at_the_fork(self) -> None:
        is_over = False

        def use() -> None:
            while not is_over:
                view.memory

        with Section.create(None, 4096) as section, section.map() as view:
            threads = [threading.Thread(target=use) for _ in range(3)]
            for thread in threads:
                thread.start()
            try:
                for _ in range(20):
                    child = os.fork()
                    if child == 0:
                        signal.signal(signal.SIGALRM, signal.SIG_DFL)
                        signal.alarm(60)
                        view.memory
                        os._exit(0)
                    self.assertEqual(os.waitpid(child, 0)[1], 0)
            finally:
                is_over = True
                for thread in threads:
                    thread.join()


class Segments(unittest.TestCase):
    def test_both_languages_read_and_write_a_segment(self) -> None:
        name = f"telemetry.{os.getpid()}"
        with SharedMemory.create(name, 64) as memory, in_c() as peer:
            memory.write(bytearray(b"written in Python"))
            self.assertTrue(memory.wait(0))
            self.assertFalse(memory.wait(0))
            peer.tell(f"write {name}")
            self.assertTrue(memory.wait(60))
            self.assertEqual(peer.answer(), 'read "written in Python"')
            self.assertEqual(memory.read(12), b"written in C")
            self.assertEqual(memory.read(offset=60), b"\0\0\0\0")
            self.assertEqual((memory.read(0), memory.read(offset=64)), (b"", b""))
            memory.write(b"")
            stat = memory.stat()
            self.assertEqual((stat.kind, stat.size, stat.sequence), (1, 64, 2))
            self.assertEqual((stat.created, stat.read_only, stat.creator_pid), (True, False, os.getpid()))
            for data, offset in [(b"x" * 65, 0), (b"x", 64)]:
                with self.assertRaises(WinshmError) as caught:
                    memory.write(data, offset)
                self.assertEqual(caught.exception.name, "ERROR_BAD_LENGTH")

    def test_a_reader_in_another_process_wakes(self) -> None:
        name = f"wake.{os.getpid()}"
        program = "m = SharedMemory.open(sys.argv[1]); print(m.sequence); m.wait(); print(m.read(5).decode())"
        with SharedMemory.create(name, 8) as memory, python(program, name) as peer:
            self.assertEqual(peer.answer(), "0")
            memory.write(b"hello")
            self.assertEqual(peer.answer(), "hello")

    def test_a_posix_segment_is_the_one_of_shm_open(self) -> None:
        path = Path(f"/dev/shm/winshm-python.{os.getpid()}")
        memory = SharedMemory.create("/" + path.name, 10, 0o640)
        try:
            self.assertEqual(path.stat().st_mode & 0o777, 0o640)
            memory.set_mode(0o600)
            memory.write(b"1", 9)
            self.assertEqual(path.read_bytes(), b"\0" * 9 + b"1")
            with SharedMemory.open("/" + path.name, writable=False) as reader:
                self.assertEqual(bytes(reader.memory), path.read_bytes())
                self.assertTrue(reader.memory.readonly)
                self.assertRaises(WinshmPermissionError, reader.write, b"2")
            memory.close()
            self.assertTrue(path.exists())
            memory = SharedMemory.open("/" + path.name)
            view = memory.memory
            self.assertRaises(BufferError, memory.free)
            view[0] = 5
            view.release()
            memory.free()
            self.assertTrue(memory.closed)
            self.assertFalse(path.exists())
            self.assertRaises(ValueError, memory.read)
            self.assertRaises(WinshmNotFoundError, SharedMemory.open, "/" + path.name)
        finally:
            if path.exists():
                path.unlink()

    def test_a_memoryview_keeps_the_segment(self) -> None:
        name = f"kept.{os.getpid()}"
        memory = SharedMemory.create(name, 10)
        view = memory.memory
        memory.close()
        self.assertTrue(memory.closed)
        view[0] = 1
        SharedMemory.open(name).close()
        del view
        self.assertRaises(WinshmNotFoundError, SharedMemory.open, name)


class Module(unittest.TestCase):
    def test_an_error_says_everything(self) -> None:
        try:
            Event.open(unique("nowhere"))
        except FileNotFoundError as error:
            assert isinstance(error, WinshmError)
            caught = error
        expected = "OpenEventW: The system cannot find the file specified. [ERROR_FILE_NOT_FOUND, 2]"
        self.assertEqual(str(caught), expected)
        copy = pickle.loads(pickle.dumps(caught))
        self.assertEqual((type(copy), str(copy), copy.errno), (type(caught), expected, caught.errno))

    def test_the_errors_have_the_names_of_the_header(self) -> None:
        header = (ROOT / "include/winshm.h").read_text()
        names = {int(code): name for name, code in re.findall(r"^#define (ERROR_\w+) (\d+)u$", header, re.M)}
        names[258] = "WAIT_TIMEOUT"
        self.assertEqual(_NAME_OF, names)

    def test_the_syntax_is_that_of_python_3_8(self) -> None:
        source = (HERE / "winshm.py").read_text()
        ast.parse(source, feature_version=(3, 8))
        self.assertRaises(SyntaxError, ast.parse, "match x:\n  case 1: pass", feature_version=(3, 8))

    def test_a_missing_library_is_told_of(self) -> None:
        cases = [("/nowhere/libwinshm.so", "/nowhere/libwinshm.so"), ("libc.so.6", "no libwinshm, or an old one")]
        for library, expected in cases:
            environment = dict(os.environ, WINSHM_LIBRARY=library, PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1")
            command = [sys.executable, "-c", "import winshm"]
            done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, timeout=60)
            self.assertIn(expected, done.stderr.decode())
            self.assertIn("ImportError", done.stderr.decode())

    def test_what_is_open_is_neither_copied_nor_sent(self) -> None:
        with Event.create() as event, Section.create(None, 1) as section, section.map() as view:
            for what in [event, section, view]:
                self.assertRaisesRegex(TypeError, "open it there by name", pickle.dumps, what)
                self.assertRaisesRegex(TypeError, "cannot be copied", copy.copy, what)

    def test_python_ends_well_with_everything_open(self) -> None:
        programs = [
            "s = Section.create(None, 10); v = s.map(); m = v.memory; v.close(); n = m[1:]; sys.kept = n",
            "m = Mutex.create(owned=True); threading.Thread(target=m.acquire, daemon=True).start()",
            "m = SharedMemory.create(f'end.{os.getpid()}', 10); v = m.memory; m.close(); Event.create().wait(0.01)",
            "e = Event.create(); atexit.register(e.wait, 0.01)",
            "e = Event.create(); e.wait(0.01); atexit.register(e.wait, 0.01)",
            """
class Owner:
    def __init__(self):
        self.memory = Section.create(None, 10).map().memory
        self.event = Event.create()
        self.cycle = self
    def __del__(self):
        self.memory[0] = 1
        self.event.set()
        self.event.wait(0)
        self.event.wait(0.01)
sys.kept = Owner()
Event.create().wait(0.01)
""",
        ]
        for program in programs:
            with self.subTest(program), python("import atexit, os, threading\n" + program) as peer:
                assert peer.process.stdout
                self.assertEqual(peer.process.stdout.read(), b"")
                self.assertEqual(peer.process.wait(60), 0)

    def test_processes_of_every_kind_use_it(self) -> None:
        (WORK / "processes.py").write_text("""
import multiprocessing, sys
from winshm import *

def add(name):
    with Section.open(name) as section, section.map() as view, Mutex.open(name + ".m") as mutex:
        with mutex.hold():
            view.memory[0] += 1
    Event.create().wait(0.01)

if __name__ == "__main__":
    name = sys.argv[1]
    with Section.create(name, 1) as section, section.map() as view, Mutex.create(name + ".m"):
        Event.create().wait(0.01)
        for kind in ["fork", "spawn", "forkserver"]:
            processes = [multiprocessing.get_context(kind).Process(target=add, args=(name,)) for _ in range(2)]
            for process in processes:
                process.start()
            for process in processes:
                process.join()
        print(view.memory[0])
""")
        command = [sys.executable, "-W", "error", str(WORK / "processes.py"), unique("processes")]
        with Peer(command) as peer:
            self.assertEqual(peer.answer(), "6")
            self.assertEqual(peer.process.wait(60), 0)

    def test_ten_thousand_objects_leave_no_descriptor_behind(self) -> None:
        before = len(os.listdir("/proc/self/fd"))
        for number in range(10000):
            Event.create(f"{unique('many')}.{number % 7}")
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)


def compile_peer() -> None:
    library = Path(os.environ.get("WINSHM_LIBRARY", "libwinshm.so"))
    subprocess.run(
        ["gcc", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", str(HERE / "peer.c"), "-o", str(WORK / "peer"),
         str(library), f"-Wl,-rpath,{library.parent}"],
        check=True, timeout=60,
    )  # fmt: skip


if __name__ == "__main__":
    faulthandler.dump_traceback_later(120, exit=True)
    # Who runs this in the background has it ignored, and the programs started here with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        compile_peer()
        result = unittest.main(exit=False).result
        # Of a test with several parts, each that failed is in the list.
        bad = len({test.id().split(" ")[0] for test, _ in result.failures + result.errors})
        print(f"{result.testsRun - bad} passed, {bad} failed", flush=True)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(1 if bad else 0)
