#include "http/challenge.hpp"

#include <doctest/doctest.h>

using namespace samebits::http;

TEST_CASE("a challenge is a scheme and its parameters") {
  const auto found = parse_challenges(R"(Bearer realm="https://r/token",service="r",scope="repository:a/b:pull,push")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].scheme == "bearer");
  CHECK(found[0].get("realm") == "https://r/token");
  CHECK(found[0].get("scope") == "repository:a/b:pull,push");
  CHECK(found[0].get("absent").empty());
}

TEST_CASE("case, blanks and quotes are as servers write them") {
  const auto found = parse_challenges("  BEARER   Realm = https://r/token ,SERVICE=\"a \\\"b\\\"\" ,  x=\"\"");
  REQUIRE(found.size() == 1);
  CHECK(found[0].get("realm") == "https://r/token");
  CHECK(found[0].get("service") == "a \"b\"");
}

TEST_CASE("several challenges stand in one field or in several") {
  const auto one =
      parse_challenges(R"(Negotiate YIIB+/x==, Bearer realm="t", scope="a", Basic realm="x, Bearer y=z", Digest)");
  REQUIRE(one.size() == 4);
  CHECK(one[0].scheme == "negotiate");
  CHECK(one[1].get("scope") == "a");
  CHECK(one[2].get("realm") == "x, Bearer y=z");
  CHECK(one[3].scheme == "digest");
  const Response response{.status = 401,
                          .headers = {{"WWW-Authenticate", "Negotiate"}, {"www-authenticate", "Basic realm=\"R\""}},
                          .url = {}};
  const auto several = challenges_of(response);
  CHECK(find_challenge(several, "basic") != nullptr);
  CHECK(find_challenge(several, "bearer") == nullptr);
}

TEST_CASE("what is no challenge is passed over") {
  for (const char* junk :
       {"", ",,,", "=", "\"", "Bearer realm=\"unclosed", "\x01\x02", "Basic realm=\"a\" \"b\"", "a=b=c"})
    CHECK(parse_challenges(junk).size() <= 3);
}
