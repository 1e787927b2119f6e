/* Sets one value of a YAML file and changes no other byte of it.
 *
 * usage: edit_value FILE PATH TEXT
 * cc edit_value.c $(pkg-config --cflags --libs samebits) -o edit_value */
#include <samebits.h>
#include <stdio.h>

int main(int count, char** arguments) {
  char request[4096];
  sb_result* result = NULL;
  sb_code code;
  if (count != 4) {
    fprintf(stderr, "usage: edit_value FILE PATH TEXT\n");
    return SB_USAGE;
  }
  /* The three must hold no quotes and backslashes here; a program with a JSON library need not care. */
  snprintf(request, sizeof request, "{\"file\": \"%s\", \"assignments\": [\"%s=%s\"]}", arguments[1], arguments[2],
           arguments[3]);
  code = sb_values_set(NULL, request, &result);
  if (code == SB_OK) {
    printf("%s", sb_result_get(result, "/diff"));
  } else {
    fprintf(stderr, "%s\n", sb_result_message(result));
  }
  sb_result_free(result);
  return code;
}
