// The documents' first process, unchanged but for the #include in place of its own functions and their prototypes,
// and its five seconds of sleep. (run.sh puts another key in.)
#include <iostream>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <string.h>
#include <unistd.h>

#define  KEY_NUM   1234
#define  MEM_SIZE  4096

using namespace std;

int shmid;
#include "SharedMemoryClassic.h"

int main(int argc, char *argv[])
{
    char buffer[MEM_SIZE] = {1,};

    SharedMemoryCreate();

    SharedMemoryWrite(buffer, sizeof(buffer));
    return 0;
}
