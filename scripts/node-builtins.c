/*
 * A library that lets the distribution's Node run from the box. That Node reads three of its built-in modules from
 * absolute places below /usr/share/nodejs when it starts; this answers such a request with the file of the box.
 * Linked into the box's node program only (scripts/tools.sh); BOX is the folder of that box.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUILTINS "/usr/share/nodejs/"

typedef int open_function(void *loop, void *request, const char *path, int flags, int mode, void *callback);

int uv_fs_open(void *loop, void *request, const char *path, int flags, int mode, void *callback) {
    open_function *next = (open_function *)dlsym(RTLD_NEXT, "uv_fs_open");
    char boxed[PATH_MAX];
    if (strncmp(path, BUILTINS, strlen(BUILTINS)) == 0
            && snprintf(boxed, sizeof boxed, "%s%s", BOX, path) < (int)sizeof boxed
            && access(boxed, R_OK) == 0) {
        path = boxed;
    }
    return next(loop, request, path, flags, mode, callback);
}
