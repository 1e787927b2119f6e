/* The cases of values files that the library and the command line have, through the C ABI.
 *
 * usage: capi_values_cases FOLDER  (tests/cases/values: its README says what a case is) */
#include <dirent.h>

#include "check.h"

/* The file's bytes, followed by a NUL; NULL where there is no file. */
static char* read_whole(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* bytes = NULL;
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  bytes = calloc(1, *size + 1);
  if (fread(bytes, 1, *size, file) != *size) exit(1);
  fclose(file);
  return bytes;
}

static void put_quoted(FILE* out, const char* text) {
  fputc('"', out);
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20) {
      fprintf(out, "\\u%04x", (unsigned)(unsigned char)*text);
    } else {
      fputc(*text, out);
    }
  }
  fputc('"', out);
}

/* The lists of a request, by command. */
struct lists {
  FILE* files[3];
  char* texts[3];
  size_t sizes[3];
};
static const char* const commands[] = {"set", "delete", "append"};

static void add_line(struct lists* lists, FILE* options, int* command, const char* line) {
  int i;
  for (i = 0; i < 3; ++i) {
    if (strcmp(line, commands[i]) == 0) {
      *command = i;
      return;
    }
  }
  if (strcmp(line, "--create") == 0) {
    fputs(", \"create\": true", options);
  } else if (strcmp(line, "--through-anchor") == 0) {
    fputs(", \"throughAnchor\": true", options);
  } else if (strncmp(line, "--document=", 11) == 0) {
    fputs(", \"document\": ", options);
    put_quoted(options, line + 11);
  } else {
    if (ftell(lists->files[*command]) > 0) fputs(", ", lists->files[*command]);
    put_quoted(lists->files[*command], line);
  }
}

/* The request that set.txt asks for; its lines end in line breaks. */
static char* request_of(char* text) {
  struct lists lists;
  char* options_text = NULL;
  size_t options_size = 0;
  char* request = NULL;
  size_t request_size = 0;
  FILE* options = open_memstream(&options_text, &options_size);
  FILE* out = open_memstream(&request, &request_size);
  int command = 0;
  int i;
  char* line = text;
  for (i = 0; i < 3; ++i) lists.files[i] = open_memstream(&lists.texts[i], &lists.sizes[i]);
  while (*line != '\0') {
    char* end = line + strcspn(line, "\n");
    char* next = *end == '\0' ? end : end + 1;
    *end = '\0';
    add_line(&lists, options, &command, line);
    line = next;
  }
  fclose(options);
  fputs("{\"file\": \"in.yaml\"", out);
  fputs(options_text, out);
  for (i = 0; i < 3; ++i) {
    fclose(lists.files[i]);
    fprintf(out, ", \"%s\": [%s]", commands[i], lists.texts[i]);
    free(lists.texts[i]);
  }
  fputs("}", out);
  fclose(out);
  free(options_text);
  return request;
}

/* Whether error.json says the same of a member of the error; a number that stands nowhere is 0 in both. */
static int says(const char* error, const char* member, const char* value) {
  char name[32];
  const char* found;
  size_t size;
  if (value == NULL) value = "0";
  size = strlen(value);
  snprintf(name, sizeof name, "\"%s\": ", member);
  found = strstr(error, name);
  if (found == NULL) return strcmp(value, "0") == 0;
  found += strlen(name);
  if (*found == '"') ++found;
  return strncmp(found, value, size) == 0 && strchr("\",}", found[size]) != NULL;
}

static void play(const char* folder) {
  size_t size = 0;
  size_t wanted_size = 0;
  size_t made_size = 0;
  char* in = read_whole(text_of("%s/in.yaml", folder), &size);
  char* set = read_whole(text_of("%s/set.txt", folder), &made_size);
  char* wanted = read_whole(text_of("%s/out.yaml", folder), &wanted_size);
  char* error = read_whole(text_of("%s/error.json", folder), &made_size);
  char* request;
  sb_result* result = NULL;
  sb_code code;
  int good;
  if (in == NULL || set == NULL || (wanted == NULL) == (error == NULL)) exit(1);
  request = request_of(set);
  code = sb_values_edit(in, size, request, &result);
  if (wanted != NULL) {
    const void* made = sb_result_bytes(result, &made_size);
    good = code == SB_OK && made_size == wanted_size && memcmp(made, wanted, wanted_size) == 0;
  } else {
    good = code != SB_OK && sb_result_bytes(result, NULL) == NULL &&
           says(error, "code", sb_result_get(result, "/error/code")) &&
           says(error, "line", sb_result_get(result, "/error/where/line")) &&
           says(error, "column", sb_result_get(result, "/error/where/column"));
  }
  if (!good) {
    check_failed(folder, 0, request, sb_result_json(result));
  }
  sb_result_free(result);
  free(request);
  free(in);
  free(set);
  free(wanted);
  free(error);
}

int main(int count, char** arguments) {
  DIR* cases = opendir(count == 2 ? arguments[1] : "");
  struct dirent* entry;
  int played = 0;
  if (cases == NULL) return 1;
  while ((entry = readdir(cases)) != NULL) {
    if (strchr(entry->d_name, '.') != NULL) continue;
    play(text_of("%s/%s", arguments[1], entry->d_name));
    ++played;
  }
  closedir(cases);
  CHECK(played > 0);
  printf("%d cases\n", played);
  return end_tests();
}
