/* A program of somebody else, on the C ABI. */
#include <samebits.h>
#include <stdio.h>

int main(void) {
  sb_result* result = NULL;
  const sb_code code = sb_tag_parse(NULL, "{\"tag\": \"v1.2.3\"}", &result);
  puts(sb_result_json(result));
  sb_result_free(result);
  return code;
}
