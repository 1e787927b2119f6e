// Each allocation of the library in a call fails once: the call ends in out_of_memory or as without, nothing crashes
// and, under AddressSanitizer, nothing leaks. Allocations of C libraries below are their own matter.
#include <cstdlib>
#include <functional>
#include <iterator>
#include <new>
#include <samebits.h>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "pipeline.h"

namespace {

/// Counts down to the allocation that fails; negative: none does.
thread_local long countdown = -1;
thread_local long seen = 0;

void* allocate(std::size_t size) noexcept {
  ++seen;
  if (countdown >= 0 && countdown-- == 0) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* made = allocate(size)) return made;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using Call = std::function<sb_code(sb_result** result)>;

/// Runs the call with its first, second, ... allocation failing, until there are no more.
void fail_each_allocation(const Call& call) {
  sb_result* expected = nullptr;
  const sb_code code = call(&expected);
  const std::string kind = sb_result_get(expected, "/kind");
  sb_result_free(expected);
  long failed = 0;
  long outcomes[2] = {0, 0};
  for (bool more = true; more; ++failed) {
    sb_result* result = nullptr;
    seen = 0;
    countdown = failed;
    const sb_code got = call(&result);
    more = countdown < 0;
    countdown = -1;
    const char* error = sb_result_get(result, "/error/code");
    const bool out_of_memory = got == SB_INTERNAL && error != nullptr && std::string(error) == "out_of_memory";
    if (!out_of_memory) {
      INFO("allocation " << failed << ": " << sb_result_json(result));
      CHECK(got == code);
      CHECK(std::string(sb_result_get(result, "/kind")) == kind);
    }
    ++outcomes[out_of_memory ? 1 : 0];
    sb_result_free(result);
  }
  MESSAGE(failed << " allocations, " << outcomes[1] << " times out of memory");
  CHECK(outcomes[1] > 0);
}

std::string yaml() {
  std::string text = "image: &i\n  tag: v1\n";
  for (int i = 0; i < 20; ++i) text += "key" + std::to_string(i) + ": [1, {a: \"b\"}] # note\n";
  return text;
}

}  // namespace

TEST_CASE("a tag is parsed or there is no memory") {
  fail_each_allocation([](sb_result** result) { return sb_tag_parse(nullptr, "{\"tag\": \"v1.2.3\"}", result); });
  fail_each_allocation([](sb_result** result) { return sb_tag_parse(nullptr, "{\"tag\": \"latest\"}", result); });
}

TEST_CASE("values are edited or there is no memory") {
  const std::string text = yaml();
  fail_each_allocation([&](sb_result** result) {
    return sb_values_edit(text.data(), text.size(),
                          R"({"set": ["image.tag=v2", "new.key:=[1]"], "create": true, "delete": ["key3"]})", result);
  });
  fail_each_allocation([&](sb_result** result) {
    return sb_values_read(text.data(), text.size(), R"({"paths": ["image", "key4[1].a"]})", result);
  });
}

TEST_CASE("a client is made or there is no memory") {
  fail_each_allocation([](sb_result** result) {
    sb_client* client = nullptr;
    const sb_code code =
        sb_client_new(R"({"gitops": "/nonexistent", "author": "Ada <ada@example.com>", "proxy": "http://a:b@c:1",
                          "credentials": [{"for": "https://ghcr.io", "username": "ci", "password": "secret-0123"}],
                          "dockerConfig": ["/nonexistent", {"text": "{}"}],
                          "apps": [{"repository": "https://github.com/a/b", "app": "1", "privateKey": "secret-4567"}],
                          "git": {"environment": ["HOME=/nonexistent"], "ssh": ["ssh", "-4"]}})",
                      &client, result);
    CHECK((client != nullptr) == (code == SB_OK));
    sb_client_free(client);
    return code;
  });
}

TEST_CASE("a callback is dropped once where there is no memory") {
  static int dropped;
  fail_each_allocation([](sb_result** result) {
    static sb_client* client = nullptr;
    if (client == nullptr) sb_client_new("{}", &client, nullptr);
    dropped = 0;
    const sb_code code = sb_client_set_log(
        client, [](void*, int32_t, const char*) {}, &dropped, [](void* count) { ++*static_cast<int*>(count); }, result);
    CHECK(dropped == (code == SB_OK ? 0 : 1));
    const long left = std::exchange(countdown, -1);
    sb_client_set_log(client, nullptr, nullptr, nullptr, nullptr);
    countdown = left;
    CHECK(dropped == 1);
    return code;
  });
}

TEST_CASE("a port is registered or there is no memory") {
  static int dropped;
  static int answered;
  sb_client* client = nullptr;
  sb_client_new("{}", &client, nullptr);
  const sb_port_fn count = [](void* userdata, const char*, sb_reply*) -> sb_code {
    ++*static_cast<int*>(userdata);
    return SB_PROTOCOL;
  };
  for (const char* port : {"registry", "gitops", "changes", "releases", "reconciler", "credentials", "registries"}) {
    fail_each_allocation([&](sb_result** result) {
      dropped = 0;
      const sb_code code = sb_client_set_port(
          client, port, count, &answered, [](void*) { ++dropped; }, result);
      CHECK(dropped == (code == SB_OK ? 0 : 1));
      // Without the failing allocation: who is asked now?
      const long left = std::exchange(countdown, -1);
      answered = 0;
      if (std::string(port) == "registry") {
        sb_image_show(client, R"({"ref": "127.0.0.1:1/app:x"})", nullptr);
        CHECK((answered > 0) == (code == SB_OK));
      }
      sb_client_set_port(client, port, nullptr, nullptr, nullptr, nullptr);
      CHECK(dropped == 1);
      countdown = left;
      return code;
    });
  }
  sb_client_free(client);
}

TEST_CASE("an operation of the pipeline ends or there is no memory") {
  sb_client* client = pipeline_client();
  const std::string promotion =
      std::string(R"({"environment": "preprod", "sha": ")") + second_commit() + R"(", "dryRun": true})";
  const std::string image =
      std::string(R"({"ref": "oci:)") + pipeline_folder() + "/images:main-" + second_commit() + R"("})";
  SUBCASE("status") {
    fail_each_allocation([&](sb_result** result) { return sb_status(client, nullptr, result); });
  }
  SUBCASE("a refusal") {
    fail_each_allocation([&](sb_result** result) { return sb_release(client, R"({"version": "1.0.0"})", result); });
  }
  SUBCASE("a plan") {
    fail_each_allocation([&](sb_result** result) { return sb_promote(client, promotion.c_str(), result); });
  }
  SUBCASE("an image") {
    fail_each_allocation([&](sb_result** result) { return sb_image_show(client, image.c_str(), result); });
  }
  SUBCASE("a promotion") {
    const std::string write = promotion.substr(0, promotion.find(", \"dryRun\"")) + "}";
    fail_each_allocation([&](sb_result** result) { return sb_promote(client, write.c_str(), result); });
    sb_result* result = nullptr;
    CHECK(sb_promote(client, write.c_str(), &result) == SB_OK);
    CHECK(std::string(sb_result_get(result, "/outcome")) == "unchanged");
    sb_result_free(result);
  }
  sb_client_free(client);
  remove_pipeline();
}

TEST_CASE("a port answers or there is no memory") {
  sb_client* client = nullptr;
  sb_client_new("{}", &client, nullptr);
  const sb_port_fn port = [](void*, const char*, sb_reply* reply) -> sb_code {
    const char* op = sb_reply_get(reply, "/op");
    if (op == nullptr) return SB_INTERNAL;
    if (std::string(op) == "list") return sb_reply_json(reply, R"({"tags": ["v1.0.0", "v1.1.0"]})");
    if (std::string(op) == "manifest" && sb_reply_bytes(reply, "{}", 2) != SB_OK) return SB_INTERNAL;
    return sb_reply_json(reply, R"({"mediaType": "application/vnd.oci.image.manifest.v1+json",
                   "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"})");
  };
  REQUIRE(sb_client_set_port(client, "registry", port, nullptr, nullptr, nullptr) == SB_OK);
  fail_each_allocation([&](sb_result** result) {
    return sb_image_list(client, R"({"repository": "registry.example.com/app"})", result);
  });
  sb_client_free(client);
}

TEST_CASE("a member is read or there is no memory") {
  sb_result* result = nullptr;
  sb_tag_parse(nullptr, "{\"tag\": \"v1.2.3\"}", &result);
  for (long failed = 0; failed < 50; ++failed) {
    countdown = failed;
    const char* track = sb_result_get(result, "/track");
    countdown = -1;
    CHECK((track == nullptr || std::string(track) == "release"));
  }
  CHECK(std::string(sb_result_get(result, "/track")) == "release");
  sb_result_free(result);
}
