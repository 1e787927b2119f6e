#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/object_store.hpp"
#include "git/report_status.hpp"
#include "git/transport.hpp"

namespace samebits::git {

/// A reference as the server lists it.
struct RemoteRef {
  std::string name;
  /// Nothing for a HEAD whose branch does not exist yet.
  std::optional<git_oid> id = {};
  /// What an annotated tag leads to.
  std::optional<git_oid> peeled = {};
  /// The reference that this one stands for; empty where it is none.
  std::string target = {};
};

/// What to fetch.
struct Wish {
  enum class Filter {
    nothing,
    /// Trees and files up to `levels` below what is wanted; a commit's tree counts.
    levels,
    /// All trees and no file.
    no_files,
  };

  std::vector<git_oid> wants;
  /// What need not be sent again.
  std::vector<git_oid> haves = {};
  /// The pack may have deltas against what `haves` lead to.
  bool thin = false;
  /// Commits of the history, from each wanted one on; 0: all.
  int depth = 1;
  /// Keeps the depth also where no filter keeps the files away: what `haves` lead to need not be sent again.
  bool deep = false;
  Filter filter = Filter::levels;
  int levels = 0;
  std::size_t max_bytes = std::size_t{128} << 20;
};

/// The filters that a server takes.
enum class Filters {
  any,
  /// `blob:none` and `tree:0`, as GitHub.
  plain,
  none,
};

enum class Fetched {
  done,
  /// The server has not all that is wanted, or does not give it.
  refused,
  /// More than `max_bytes`; nothing was kept.
  too_long,
};

/// A reference to be moved.
struct RemoteMove {
  std::string ref;
  /// What it must hold; nothing: it must not exist.
  std::optional<git_oid> expected;
  git_oid target;
};

/// What became of a push.
struct Pushed {
  PushReport report;
  /// What the server's hooks print.
  std::string words;
};

/// A repository behind a server, and what is known of it here. Speaks protocol version 2 and asks for what the server
/// offers: filters of any kind, the plain ones (`blob:none`, `tree:0`), or none. Source: gitprotocol-v2(5).
class RemoteRepository {
 public:
  explicit RemoteRepository(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

  std::string location() const { return transport_->location(); }
  /// The objects that were fetched or made. Errors: out_of_memory.
  Result<ObjectStore*> store();

  Filters filters() const noexcept { return filters_; }
  /// What was found out earlier; asked anew where it is refused.
  void assume(Filters filters) noexcept { filters_ = filters; }

  /// The references that begin with one of `prefixes`. Errors: git_protocol_v2_needed, unsupported (SHA-256), and the
  /// transport's.
  Result<std::vector<RemoteRef>> refs(Context& context, std::span<const std::string> prefixes);
  /// The same, and the branch of a HEAD that has no commit yet, where the server tells.
  Result<std::vector<RemoteRef>> refs_and_unborn(Context& context, std::span<const std::string> prefixes);
  /// `received`: gets the ids of the objects that came.
  Result<Fetched> fetch(Context& context, const Wish& wish, std::vector<git_oid>* received = nullptr);
  /// Errors: outcome_unknown if the answer was lost, refused or empty.
  Result<Pushed> push(Context& context, const RemoteMove& move, std::string_view pack);

  /// An error that names this repository.
  Error error(ErrorCode code, std::string message, std::string hint = {}) const;

 private:
  Result<void> learn_capabilities(Context& context);
  Result<std::vector<RemoteRef>> list(Context& context, std::span<const std::string> prefixes, bool unborn);
  Result<std::vector<RemoteRef>> parse_refs(std::string_view body) const;
  Result<RemoteRef> parse_ref(std::string_view line) const;
  std::string fetch_command(const Wish& wish, Filters filters) const;
  Result<Fetched> fetch_once(Context& context, const Wish& wish, Filters filters, std::vector<git_oid>* received);
  Error named(Error error) const;

  std::unique_ptr<Transport> transport_;
  std::unique_ptr<ObjectStore> store_;
  Filters filters_ = Filters::any;
  /// A filter was accepted or is known not to be: a refusal is about the objects.
  bool filters_known_ = false;
  bool capabilities_known_ = false;
  bool offers_filter_ = false;
  bool offers_unborn_ = false;
};

}  // namespace samebits::git
