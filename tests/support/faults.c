/* Counts the calls that change something below a folder and ends the process, or fails, at one of them.
 *
 * Preloaded into a program: SAMEBITS_FAULT is kill, full, read-only or note; SAMEBITS_FAULT_AT the number of the call,
 * from 1; SAMEBITS_FAULT_UNDER the folder. kill: SIGKILL right after that call. full: from that call on what needs room
 * fails with ENOSPC. read-only: from that call on everything fails with EROFS. note: nothing fails; what is flushed
 * and renamed is noted in the folder's file flushes.log, as `flushed PATH` and `named PATH PATH`.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum fault { no_fault, kill_after, disk_full, read_only, note_only };

static enum fault chosen(void) {
  const char* name = getenv("SAMEBITS_FAULT");
  if (name == NULL) return no_fault;
  if (strcmp(name, "kill") == 0) return kill_after;
  if (strcmp(name, "note") == 0) return note_only;
  return strcmp(name, "full") == 0 ? disk_full : read_only;
}

static long wanted(void) {
  const char* text = getenv("SAMEBITS_FAULT_AT");
  return text == NULL ? 0 : strtol(text, NULL, 10);
}

static int is_under(const char* path) {
  const char* folder = getenv("SAMEBITS_FAULT_UNDER");
  return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

/* False where the file has no path. */
static int path_of_fd(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size <= 0) return 0;
  path[size] = '\0';
  return 1;
}

static int is_under_fd(int fd) {
  char path[PATH_MAX];
  return path_of_fd(fd, path) && is_under(path);
}

/* One call of write: several threads may note. */
static void note(const char* what, const char* path, const char* other) {
  char text[3 * PATH_MAX];
  if (chosen() != note_only || !is_under(path)) return;
  snprintf(text, sizeof text, "%sflushes.log", getenv("SAMEBITS_FAULT_UNDER"));
  FILE* log = fopen(text, "a");
  if (log == NULL) abort();
  const int size = snprintf(text, sizeof text, "%s %s %s\n", what, path, other);
  if (fwrite(text, 1, (size_t)size, log) != (size_t)size || fclose(log) != 0) abort();
}

static long calls;

/* Nonzero with errno set where the call must fail. */
static int refused(int counts, int needs_room) {
  if (!counts || chosen() == no_fault) return 0;
  ++calls;
  if (calls < wanted()) return 0;
  if (chosen() == read_only) return errno = EROFS;
  if (chosen() == disk_full && needs_room) return errno = ENOSPC;
  return 0;
}

static void done(int counts) {
  if (counts && chosen() == kill_after && calls == wanted()) raise(SIGKILL);
}

#define REAL(name, type)                      \
  __typeof__(type) real;                      \
  void* const found = dlsym(RTLD_NEXT, name); \
  memcpy(&real, &found, sizeof real)

#define WRAP(counts, needs_room, failed, type, expression) \
  const int counted = (counts);                            \
  if (refused(counted, needs_room)) return failed;         \
  type result = expression;                                \
  const int number = errno;                                \
  done(counted);                                           \
  errno = number;                                          \
  return result

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

static int opens_for_change(const char* path, int flags) {
  return (flags & (O_CREAT | O_TRUNC)) != 0 && is_under(path);
}

#define OPEN(name)                                                            \
  int name(const char* path, int flags, ...) {                                \
    va_list list;                                                             \
    va_start(list, flags);                                                    \
    const mode_t mode = mode_of(flags, list);                                 \
    va_end(list);                                                             \
    REAL(#name, int (*)(const char*, int, ...));                              \
    WRAP(opens_for_change(path, flags), 1, -1, int, real(path, flags, mode)); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                  \
  int name(int folder, const char* path, int flags, ...) {                            \
    va_list list;                                                                     \
    va_start(list, flags);                                                            \
    const mode_t mode = mode_of(flags, list);                                         \
    va_end(list);                                                                     \
    REAL(#name, int (*)(int, const char*, int, ...));                                 \
    WRAP(opens_for_change(path, flags), 1, -1, int, real(folder, path, flags, mode)); \
  }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name)                                                           \
  FILE* name(const char* path, const char* mode) {                            \
    REAL(#name, FILE* (*)(const char*, const char*));                         \
    WRAP(mode[0] != 'r' && is_under(path), 1, NULL, FILE*, real(path, mode)); \
  }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int fd, const void* bytes, size_t size) {
  REAL("write", ssize_t(*)(int, const void*, size_t));
  WRAP(is_under_fd(fd), 1, -1, ssize_t, real(fd, bytes, size));
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  REAL("pwrite64", ssize_t(*)(int, const void*, size_t, off64_t));
  WRAP(is_under_fd(fd), 1, -1, ssize_t, real(fd, bytes, size, at));
}
ssize_t writev(int fd, const struct iovec* parts, int count) {
  REAL("writev", ssize_t(*)(int, const struct iovec*, int));
  WRAP(is_under_fd(fd), 1, -1, ssize_t, real(fd, parts, count));
}
int rename(const char* from, const char* to) {
  REAL("rename", int (*)(const char*, const char*));
  note("named", from, to);
  WRAP(is_under(to), 0, -1, int, real(from, to));
}
int link(const char* from, const char* to) {
  REAL("link", int (*)(const char*, const char*));
  note("named", from, to);
  WRAP(is_under(to), 0, -1, int, real(from, to));
}
int symlink(const char* target, const char* path) {
  REAL("symlink", int (*)(const char*, const char*));
  WRAP(is_under(path), 1, -1, int, real(target, path));
}
int mkdir(const char* path, mode_t mode) {
  REAL("mkdir", int (*)(const char*, mode_t));
  WRAP(is_under(path), 1, -1, int, real(path, mode));
}
int unlink(const char* path) {
  REAL("unlink", int (*)(const char*));
  WRAP(is_under(path), 0, -1, int, real(path));
}
int unlinkat(int folder, const char* path, int flags) {
  REAL("unlinkat", int (*)(int, const char*, int));
  WRAP(is_under(path), 0, -1, int, real(folder, path, flags));
}
int remove(const char* path) {
  REAL("remove", int (*)(const char*));
  WRAP(is_under(path), 0, -1, int, real(path));
}
int rmdir(const char* path) {
  REAL("rmdir", int (*)(const char*));
  WRAP(is_under(path), 0, -1, int, real(path));
}
int ftruncate64(int fd, off64_t size) {
  REAL("ftruncate64", int (*)(int, off64_t));
  WRAP(is_under_fd(fd), 0, -1, int, real(fd, size));
}
int fsync(int fd) {
  REAL("fsync", int (*)(int));
  char path[PATH_MAX];
  const int result = real(fd);
  if (result == 0 && path_of_fd(fd, path)) note("flushed", path, "");
  return result;
}
