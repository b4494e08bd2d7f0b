/*
 * Single keys: from input that is no terminal, and from a terminal that is somebody's
 * and must be as it was afterwards, however the program ends.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* forkpty */
#endif
#include <conio.h>

#include <pty.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "check.h"

/* Makes the bytes the standard input. */
static void input(const char *bytes)
{
    int ends[2];

    CHECK(pipe(ends) == 0 && write(ends[1], bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    clearerr(stdin);
}

static void bytes_in_order(void)
{
    int number = 0;

    input("a\n17 b");
    CHECK(_kbhit() && _getch() == 'a' && kbhit() && getch() == '\n');
    CHECK(scanf("%d", &number) == 1 && number == 17);
    CHECK(_kbhit() && _getch() == ' '); /* which stdio has read already */
    CHECK(_ungetch('u') == 'u' && _ungetch('v') == EOF && _kbhit() && _getch() == 'u');
    CHECK(_getch() == 'b');
    CHECK(!_kbhit() && _getch() == EOF && !_kbhit());
    CHECK(freopen("/dev/null", "r", stdin) != NULL && !_kbhit() && _getch() == EOF);
}

/* What the child on the terminal does, which takes turns with its parent. */
typedef void (*Child)(int parent);

static void end_turn(int parent)
{
    char byte;

    if (write(parent, "!", 1) != 1 || read(parent, &byte, 1) != 1)
        _exit(99);
}

static void await_key(void)
{
    while (!_kbhit())
        usleep(1000);
}

static void reads_keys(int parent)
{
    if (_kbhit())
        _exit(1);
    end_turn(parent); /* the terminal gives single keys */
    await_key();
    if (_getch() != 'x')
        _exit(2);
    end_turn(parent); /* the terminal is as it was, and waits for the end of a line */
    if (_getch() != 'y' || _getch() != '\r')
        _exit(3);
    end_turn(parent);
    if (_getch() != '\r')
        _exit(4);
    end_turn(parent);
    if (_getch() != '\b')
        _exit(5);
    end_turn(parent);
    exit(7);
}

static void ends_while_it_waits_for_a_key(int parent)
{
    _kbhit();
    end_turn(parent);
    exit(7);
}

static void is_killed(int parent)
{
    _kbhit();
    end_turn(parent); /* which the parent does not end */
}

static volatile sig_atomic_t handled;

static void count_interrupt(int number)
{
    (void)number;
    handled = 1;
}

static void handles_interrupts(int parent)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    _kbhit();
    end_turn(parent);
    while (handled == 0)
        usleep(1000);
    _exit(handled == 1 ? 7 : 8); /* neither does it set the terminal back */
}

static int terminal, turns;
static pid_t child;

static void run(Child body)
{
    int ends[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    fflush(NULL);
    child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0) {
        alarm(50);
        close(ends[0]);
        body(ends[1]);
        _exit(98);
    }
    close(ends[1]);
    turns = ends[0];
}

static void await_child(void)
{
    char byte;

    CHECK(read(turns, &byte, 1) == 1);
}

static void go_on(void)
{
    CHECK(write(turns, "!", 1) == 1);
}

static void type_keys(const char *keys)
{
    CHECK(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static int is_usual(void)
{
    struct termios now;

    CHECK(tcgetattr(terminal, &now) == 0);
    return (now.c_lflag & (tcflag_t)(ICANON | ECHO)) == (tcflag_t)(ICANON | ECHO) && (now.c_iflag & (tcflag_t)ICRNL);
}

/* The child has begun to wait for a key. */
static void await_single_keys(void)
{
    while (is_usual())
        usleep(1000);
}

static int finish(void)
{
    int status = -1;

    CHECK(waitpid(child, &status, 0) == child);
    close(turns);
    return status;
}

static void keys(void)
{
    int status;

    run(reads_keys);
    await_child();
    CHECK(!is_usual());
    type_keys("x");
    go_on();
    await_child();
    CHECK(is_usual());
    type_keys("y\r"); /* a line, while nobody reads keys */
    go_on();
    await_child();
    go_on();
    await_single_keys();
    type_keys("\r");
    await_child();
    go_on();
    await_single_keys();
    type_keys("\177");
    await_child();
    CHECK(is_usual());
    go_on();
    status = finish();
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    close(terminal);
}

static void ends(void)
{
    int status;

    run(ends_while_it_waits_for_a_key);
    await_child();
    CHECK(!is_usual());
    go_on();
    status = finish();
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7 && is_usual());
    close(terminal);

    run(is_killed);
    await_child();
    CHECK(!is_usual());
    type_keys("\003"); /* Ctrl-C */
    status = finish();
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && is_usual());
    close(terminal);

    run(is_killed);
    await_child();
    kill(child, SIGTERM);
    status = finish();
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM && is_usual());
    close(terminal);

    run(handles_interrupts);
    await_child();
    type_keys("\003");
    go_on();
    status = finish();
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7 && !is_usual());
    close(terminal);
}

int main(void)
{
    alarm(55); /* a test that hangs has failed */
    signal(SIGPIPE, SIG_IGN); /* the child may have died, which is then told */
    bytes_in_order();
    keys();
    ends();
    return check_failures != 0;
}
