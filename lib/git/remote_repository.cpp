#include "git/remote_repository.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pack_reader.hpp"
#include "git/pkt_line.hpp"

namespace samebits::git {
namespace {

constexpr std::size_t max_refs_bytes = std::size_t{64} << 20;
constexpr std::size_t sha256_hex_size = 64;

std::string command(std::string_view name) {
  std::string message;
  append_packet(message, fmt::format("command={}\n", name));
  append_packet(message, "agent=samebits/" SAMEBITS_VERSION "\n");
  append_packet(message, "object-format=sha1\n");
  message += delimiter_packet;
  return message;
}

bool is_refusal(std::string_view payload) { return payload.starts_with("ERR "); }

/// The pack of an answer to `fetch`; nothing where the server refuses, by an `ERR` or by saying nothing.
Result<std::optional<std::string>> pack_of(Context& context, std::string_view body) {
  if (body.empty()) return std::optional<std::string>();
  PacketReader packets(body);
  while (true) {
    SB_TRY(const Packet packet, packets.next());
    if (packet.kind == Packet::Kind::delimiter) continue;
    if (packet.kind != Packet::Kind::data)
      return Error{.code = ErrorCode::bad_answer, .message = "the server sends no pack"};
    if (is_refusal(packet.payload)) {
      context.note(LogLevel::debug, fmt::format("refused: {}", printable(packet.line())));
      return std::optional<std::string>();
    }
    if (packet.line() != "packfile") continue;
    SB_TRY(auto bands, read_side_band(packets));
    return std::optional(std::move(bands.data));
  }
}

}  // namespace

Result<ObjectStore*> RemoteRepository::store() {
  if (store_ == nullptr) {
    SB_TRY(store_, ObjectStore::open(location()));
  }
  return store_.get();
}

Error RemoteRepository::error(ErrorCode code, std::string message, std::string hint) const {
  return Error{.code = code, .message = std::move(message), .hint = std::move(hint), .remote = location()};
}

Error RemoteRepository::named(Error error) const {
  if (error.remote.empty()) error.remote = location();
  return error;
}

Result<void> RemoteRepository::learn_capabilities(Context& context) {
  if (capabilities_known_) return {};
  SB_TRY(const Answer answer, transport_->capabilities(context));
  PacketReader packets(answer.body);
  bool version_2 = false;
  while (!packets.at_end()) {
    auto packet = packets.next();
    if (!packet) return named(std::move(packet).error());
    const std::string_view line = packet->line();
    if (packet->kind == Packet::Kind::flush && version_2) break;
    if (line == "version 2") version_2 = true;
    if (line == "object-format=sha256")
      return error(ErrorCode::unsupported, fmt::format("'{}' names its objects by SHA-256", location()),
                   "use a repository with SHA-1 object ids: git init --object-format=sha1");
    if (line.starts_with("fetch=")) {
      const auto features = split(line.substr(line.find('=') + 1), ' ');
      offers_filter_ = std::find(features.begin(), features.end(), "filter") != features.end();
    }
    if (line == "ls-refs=unborn") offers_unborn_ = true;
  }
  if (!version_2)
    return error(ErrorCode::git_protocol_v2_needed, fmt::format("'{}' does not speak Git's protocol v2", location()),
                 "use a server of Git 2.18 or newer, and let proxies pass the header Git-Protocol on");
  capabilities_known_ = true;
  return {};
}

Result<std::vector<RemoteRef>> RemoteRepository::refs(Context& context, std::span<const std::string> prefixes) {
  return list(context, prefixes, false);
}

Result<std::vector<RemoteRef>> RemoteRepository::refs_and_unborn(Context& context,
                                                                 std::span<const std::string> prefixes) {
  SB_CHECK(learn_capabilities(context));
  return list(context, prefixes, offers_unborn_);
}

Result<std::vector<RemoteRef>> RemoteRepository::list(Context& context, std::span<const std::string> prefixes,
                                                      bool unborn) {
  std::string message = command("ls-refs");
  append_packet(message, "peel\n");
  append_packet(message, "symrefs\n");
  if (unborn) append_packet(message, "unborn\n");
  for (const std::string& prefix : prefixes) append_packet(message, fmt::format("ref-prefix {}\n", prefix));
  message += flush_packet;
  SB_TRY(const Answer answer, transport_->upload_pack(context, message, max_refs_bytes));
  if (answer.too_long)
    return error(ErrorCode::bad_answer, fmt::format("'{}' lists more than {} bytes", location(), max_refs_bytes));
  auto found = parse_refs(answer.body);
  if (found) return found;
  // Where the server does not speak this protocol at all, that is what is wrong.
  SB_CHECK(learn_capabilities(context));
  return named(std::move(found).error());
}

Result<std::vector<RemoteRef>> RemoteRepository::parse_refs(std::string_view body) const {
  std::vector<RemoteRef> found;
  PacketReader packets(body);
  while (true) {
    SB_TRY(const Packet packet, packets.next());
    if (packet.kind != Packet::Kind::data) return found;
    if (is_refusal(packet.payload))
      return error(ErrorCode::bad_answer, fmt::format("'{}' answers: {}", location(), printable(packet.line())));
    SB_TRY(auto ref, parse_ref(packet.line()));
    found.push_back(std::move(ref));
  }
}

Result<RemoteRef> RemoteRepository::parse_ref(std::string_view line) const {
  const auto words = split(line, ' ');
  const Error malformed =
      error(ErrorCode::bad_answer, fmt::format("'{}' lists the reference '{}'", location(), printable(line)));
  if (words.size() < 2) return malformed;
  RemoteRef ref{.name = std::string(words[1])};
  int valid = 0;
  if (libgit2().reference_name_is_valid(&valid, ref.name.c_str()) < 0 || valid == 0) return malformed;
  if (words[0].size() == sha256_hex_size)
    return error(ErrorCode::unsupported, fmt::format("'{}' names its objects by SHA-256", location()),
                 "use a repository with SHA-1 object ids: git init --object-format=sha1");
  ref.id = to_oid(words[0]);
  if (words[0] != "unborn" && !ref.id) return malformed;
  constexpr std::string_view symref = "symref-target:";
  constexpr std::string_view peeled = "peeled:";
  for (const std::string_view word : std::span(words).subspan(2)) {
    if (word.starts_with(symref)) ref.target = word.substr(symref.size());
    if (!word.starts_with(peeled)) continue;
    ref.peeled = to_oid(word.substr(peeled.size()));
    if (!ref.peeled) return malformed;
  }
  return ref;
}

std::string RemoteRepository::fetch_command(const Wish& wish, Filters filters) const {
  std::string message = command("fetch");
  append_packet(message, "no-progress\n");
  append_packet(message, "ofs-delta\n");
  if (wish.thin && !wish.haves.empty()) append_packet(message, "thin-pack\n");
  for (const git_oid& id : wish.wants) append_packet(message, fmt::format("want {}\n", to_hex(id)));
  // Their parents are not here.
  if (wish.thin)
    for (const git_oid& id : wish.haves) append_packet(message, fmt::format("shallow {}\n", to_hex(id)));
  for (const git_oid& id : wish.haves) append_packet(message, fmt::format("have {}\n", to_hex(id)));
  const bool filtered = filters != Filters::none && wish.filter != Wish::Filter::nothing;
  if (wish.depth > 0)
    append_packet(message, fmt::format("deepen {}\n", filters == Filters::none && !wish.deep ? 1 : wish.depth));
  if (filtered && wish.filter == Wish::Filter::no_files) append_packet(message, "filter blob:none\n");
  if (filtered && wish.filter == Wish::Filter::levels)
    append_packet(message, fmt::format("filter tree:{}\n", filters == Filters::any ? wish.levels : 0));
  append_packet(message, "done\n");
  message += flush_packet;
  return message;
}

Result<Fetched> RemoteRepository::fetch_once(Context& context, const Wish& wish, Filters filters,
                                             std::vector<git_oid>* received) {
  SB_TRY(const Answer answer, transport_->upload_pack(context, fetch_command(wish, filters), wish.max_bytes));
  if (answer.too_long) return Fetched::too_long;
  auto pack = pack_of(context, answer.body);
  if (!pack) return named(std::move(pack).error());
  if (!*pack) return Fetched::refused;
  SB_TRY(ObjectStore * objects, store());
  auto read = read_pack(**pack, *objects);
  if (read) {
    if (received != nullptr) *received = *std::move(read);
    return Fetched::done;
  }
  // A delta may be against something that the commit has and that was never fetched.
  if (!wish.thin || wish.haves.empty()) return named(std::move(read).error());
  Wish whole = wish;
  whole.haves.clear();
  return fetch_once(context, whole, filters, received);
}

Result<Fetched> RemoteRepository::fetch(Context& context, const Wish& wish, std::vector<git_oid>* received) {
  SB_CHECK(context.check());
  SB_TRY(const Fetched first, fetch_once(context, wish, filters_, received));
  const bool filtered = filters_ != Filters::none && wish.filter != Wish::Filter::nothing;
  if (first == Fetched::done && filtered) filters_known_ = true;
  if (first != Fetched::refused || !filtered || filters_known_) return first;
  SB_CHECK(learn_capabilities(context));
  for (const Filters filters : {Filters::plain, Filters::none}) {
    if (filters == Filters::plain && !offers_filter_) continue;
    SB_TRY(const Fetched again, fetch_once(context, wish, filters, received));
    if (again == Fetched::refused) continue;
    filters_ = filters;
    filters_known_ = true;
    return again;
  }
  // Then it was not the filter that was refused.
  return Fetched::refused;
}

Result<Pushed> RemoteRepository::push(Context& context, const RemoteMove& move, std::string_view pack) {
  const std::string before = move.expected ? to_hex(*move.expected) : std::string(GIT_OID_HEXSZ, '0');
  std::string message;
  append_packet(message, fmt::format("{} {} {}{} report-status side-band-64k object-format=sha1 agent=samebits/{}",
                                     before, to_hex(move.target), move.ref, '\0', SAMEBITS_VERSION));
  message += flush_packet;
  message += pack;
  SB_TRY(const Answer answer, transport_->receive_pack(context, message));
  if (answer.body.empty() || answer.too_long) {
    Error lost = error(ErrorCode::outcome_unknown, fmt::format("'{}' does not say what became of the push", location()),
                       "look at the branch before running it again");
    lost.outcome_unknown = true;
    return lost;
  }
  PacketReader packets(answer.body);
  auto bands = read_side_band(packets);
  auto report = bands ? parse_report(bands->data) : Result<PushReport>(bands.error());
  if (!report) {
    Error unread = named(std::move(report).error());
    unread.outcome_unknown = true;
    return unread;
  }
  for (const std::string& line : lines_of(bands->words)) context.note(LogLevel::info, "remote: " + line);
  return Pushed{.report = *std::move(report), .words = std::move(bands->words)};
}

}  // namespace samebits::git
