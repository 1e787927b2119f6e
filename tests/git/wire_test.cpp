#include <array>
#include <cstdio>

#include <doctest/doctest.h>

#include "crypto/sha1.hpp"
#include "git/delta.hpp"
#include "git/pack_reader.hpp"
#include "git/pack_writer.hpp"
#include "git/pkt_line.hpp"
#include "git/report_status.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

using namespace std::string_literals;
using git::PackEntry;
using git::StoredObject;

std::string packet(std::string_view payload) {
  std::string message;
  git::append_packet(message, payload);
  return message;
}

/// A pack of objects that are given as they stand in it, with a good checksum.
std::string sealed(unsigned count, const std::string& entries) {
  std::string pack = "PACK\0\0\0\2\0\0\0"s + static_cast<char>(count) + entries;
  return pack + sha1_bytes(pack);
}

/// `pack` with its last entry's text changed and the checksum made good again.
std::string resealed(std::string pack) {
  pack.resize(pack.size() - 20);
  return pack + sha1_bytes(pack);
}

std::string read_code(std::string_view pack, const git::PackLimits& limits = {}) {
  const auto store = must(git::ObjectStore::open("test"));
  return code_of(git::read_pack(pack, *store, limits));
}

std::string file_bytes(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  std::string bytes;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; file != nullptr && (size = std::fread(part.data(), 1, part.size(), file)) > 0;)
    bytes.append(part.data(), size);
  if (file != nullptr) std::fclose(file);
  return bytes;
}

}  // namespace

TEST_CASE("a packet is its length and its payload") {
  CHECK(packet("want 5\n") == "000bwant 5\n");
  const std::string message = packet("a\n") + packet("") + "000100000002";
  git::PacketReader packets(message);
  CHECK(must(packets.next()).line() == "a");
  CHECK(must(packets.next()).payload.empty());
  CHECK(must(packets.next()).kind == git::Packet::Kind::delimiter);
  CHECK(must(packets.next()).kind == git::Packet::Kind::flush);
  CHECK(must(packets.next()).kind == git::Packet::Kind::end);
  CHECK(packets.at_end());
}

TEST_CASE("a packet that is malformed or cut off is a bad answer") {
  for (const char* bytes :
       {"", "0", "000", "zzzz", "0003", "0005", "000", "fffff", "00-5a", "+005a", "<html>", "0x05a"}) {
    CAPTURE(bytes);
    CHECK(code_of(git::PacketReader(bytes).next()) == "bad_answer");
  }
}

TEST_CASE("bands are told apart and a fatal error ends the answer") {
  const std::string good = packet("\1da"s) + packet("\2working\r"s) + packet("\1ta"s) + "0000";
  git::PacketReader packets(good);
  const auto bands = must(git::read_side_band(packets));
  CHECK(bands.data == "data");
  CHECK(bands.words == "working\r");
  for (const std::string& bad :
       {packet("\3disk \x1b[31mfull"s) + "0000", packet("\4x"s) + "0000", packet("") + "0000", packet("\1da"s)}) {
    git::PacketReader reader(bad);
    const auto result = git::read_side_band(reader);
    CHECK(code_of(result) == "bad_answer");
    CHECK(result.error().message.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("what hooks print becomes lines without control characters") {
  CHECK(git::lines_of("one\r\n\n  \ntwo \x1b[1mthree\n") == std::vector<std::string>{"one", "two ?[1mthree"});
}

TEST_CASE("a report says of each reference what became of it") {
  const auto report = must(git::parse_report(packet("unpack ok\n") + packet("ok refs/heads/a\n") +
                                             packet("option refname refs/heads/a\n") +
                                             packet("ng refs/heads/b hook declined\n") + "0000"));
  CHECK(report.unpacked == "ok");
  CHECK(report.refs.at("refs/heads/a").empty());
  CHECK(report.refs.at("refs/heads/b") == "hook declined");
  CHECK(must(git::parse_report(packet("unpack disk full\n") + packet("ng refs/heads/a\n") + "0000"))
            .refs.at("refs/heads/a") == "refused");
  for (const std::string& bad : {""s, "0000"s, packet("ok refs/heads/a\n") + "0000", packet("unpack\n") + "0000",
                                 packet("unpack ok\n") + packet("fine refs/heads/a\n"), packet("unpack ok\n") + "00"})
    CHECK(code_of(git::parse_report(bad)) == "bad_answer");
}

TEST_CASE("a delta makes its target of its base, and of nothing else") {
  const std::string base(300'000, 'a');
  for (const std::string& target : {base, base + "b", "b" + base, base.substr(7), ""s, "x"s, base + base,
                                    base.substr(0, 70'000) + "other" + base.substr(70'000)}) {
    const std::string delta = git::make_delta(base, target);
    CHECK(must(git::apply_delta(base, delta, 1 << 20)) == target);
    CHECK(code_of(git::apply_delta(base + "x", delta, 1 << 20)) == "bad_answer");
    if (!target.empty()) CHECK(code_of(git::apply_delta(base, delta, target.size() - 1)) == "bad_answer");
    if (target.size() > 1)
      CHECK(code_of(git::apply_delta(base, delta.substr(0, delta.size() - 1), 1 << 20)) == "bad_answer");
  }
  // Copies beyond the base, unknown commands, an end within a number.
  for (const std::string& delta :
       {"\5\5\x91\4\5"s, "\5\5\0"s, "\5\5\x9f\1"s, "\5"s, ""s, "\x85\x85\x85"s, "\5\4\5hello"s})
    CHECK(code_of(git::apply_delta("hello", delta, 100)) == "bad_answer");
}

TEST_CASE("what is written as a pack is what is read from it, and what git reads") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::bare(folder.path() / "r.git");
  const auto store = must(git::ObjectStore::open("test"));
  const git_oid base = must(store->put(GIT_OBJECT_BLOB, std::string(5'000, 'a') + "1" + std::string(5'000, 'b')));
  const git_oid made = must(store->put(GIT_OBJECT_BLOB, std::string(5'000, 'a') + "2" + std::string(5'000, 'b')));
  const git_oid empty = must(store->put(GIT_OBJECT_BLOB, ""));
  const std::vector<PackEntry> entries{{.object = store->find(base)},
                                       {.object = store->find(made), .base_id = base, .base = store->find(base)},
                                       {.object = store->find(empty)}};
  const std::string pack = git::write_pack(entries);
  CHECK(pack.size() < 300);
  const auto other = must(git::ObjectStore::open("test"));
  CHECK(must(git::read_pack(pack, *other)).size() == 3);
  CHECK(other->find(made)->bytes == store->find(made)->bytes);
  repository.write("p.pack", pack);
  CHECK(repository.git("index-pack --strict p.pack").size() == 40);
}

TEST_CASE("a pack of git's own making is read, deltas of both kinds included") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "w");
  std::string text;
  for (int line = 0; line < 400; ++line) text += "line " + std::to_string(line * 7919) + "\n";
  for (int number = 0; number < 12; ++number) {
    repository.write("file", text + std::to_string(number));
    repository.write("folder/" + std::to_string(number), std::to_string(number));
    repository.commit_all("Commit");
  }
  for (const char* option : {"--delta-base-offset", "--no-reuse-delta"}) {
    repository.git("rev-list --objects --all | git -C " + repository.location() + " pack-objects " + option +
                   " --stdout > " + (folder.path() / "pack").string());
    const auto store = must(git::ObjectStore::open("test"));
    const auto ids = must(git::read_pack(file_bytes(folder.path() / "pack"), *store));
    CHECK(std::to_string(ids.size()) == repository.git("rev-list --objects --all | wc -l"));
    for (const git_oid& id : ids)
      CHECK(repository.git("cat-file -t " + git::to_hex(id)) ==
            git::libgit2().object_type2string(store->find(id)->type));
  }
}

TEST_CASE("a damaged pack is a bad answer") {
  const StoredObject blob{.type = GIT_OBJECT_BLOB, .bytes = std::string(1'000, 'x')};
  const std::vector<PackEntry> entries{{.object = &blob}};
  const std::string pack = git::write_pack(entries);
  CHECK(read_code(pack) == "none");
  for (std::size_t size = 0; size < pack.size(); ++size) CHECK(read_code(pack.substr(0, size)) == "bad_answer");
  for (std::size_t at = 0; at < pack.size(); ++at) {
    std::string changed = pack;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(read_code(changed) == "bad_answer");
    // With a checksum that fits, what is inside is looked at.
    static_cast<void>(read_code(resealed(changed)));
  }
  std::string many = pack;
  many[8] = '\x7f';
  CHECK(read_code(resealed(many)) == "bad_answer");
}

TEST_CASE("a pack that grows beyond its limits is a bad answer before there is no memory") {
  const StoredObject blob{.type = GIT_OBJECT_BLOB, .bytes = std::string(1 << 20, 'x')};
  const std::vector<PackEntry> entries{{.object = &blob}, {.object = &blob}};
  const std::string pack = git::write_pack(entries);
  CHECK(read_code(pack) == "none");
  CHECK(read_code(pack, {.max_object = (1 << 20) - 1}) == "bad_answer");
  CHECK(read_code(pack, {.max_total = (1 << 21) - 1}) == "bad_answer");
  CHECK(read_code(pack, {.max_objects = 1}) == "bad_answer");
}

TEST_CASE("a delta whose base is nowhere or before the beginning is a bad answer") {
  const std::string nothing = "\x78\x9c\x03\0\0\0\0\1"s;
  CHECK(read_code(sealed(1, "\x70" + std::string(20, 'a') + nothing)) == "bad_answer");
  for (const std::string& distance : {"\0"s, "\1"s, "\x7f"s, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"s})
    CHECK(read_code(sealed(1, "\x60" + distance + nothing)) == "bad_answer");
  CHECK(read_code(sealed(1, "\x50" + nothing)) == "bad_answer");
  CHECK(read_code(sealed(1, "\xb0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + nothing)) == "bad_answer");
}

}  // namespace samebits::test
