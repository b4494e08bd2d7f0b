// The documents' second process, unchanged but for the #include in place of its own functions and their prototypes.
// (run.sh puts another key in.)
#include <iostream>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <string.h>

#define  KEY_NUM   1234
#define  MEM_SIZE  4096
using namespace std;
int shmid;
#include "SharedMemoryClassic.h"

int main(int argc, char *argv[])
{
    char buffer[MEM_SIZE] = {0,};
    SharedMemoryInit();

    while(1)
    {
        SharedMemoryRead(buffer);
        if(buffer[0] == 1)
        {
            cout << "Receive data from shared memory!" << endl;
            break;
        }
    }
    return 0;
}
