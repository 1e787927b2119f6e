#include <samebits/credentials.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

struct Place {
  /// Empty where the target names none.
  std::string scheme;
  /// Lower case, with the port where it is not the scheme's own.
  std::string authority;
  /// Without a slash at its end; empty for all of a host.
  std::string path;
};

Place place_of(std::string_view text) {
  Place place;
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    place.scheme = text.substr(0, end);
    text.remove_prefix(end + 3);
  }
  text = text.substr(0, text.find_first_of("?#"));
  const auto slash = text.find('/');
  place.authority = lower(text.substr(0, slash));
  if (place.scheme != "http" && place.authority.ends_with(":443")) place.authority.resize(place.authority.size() - 4);
  if (place.authority == "index.docker.io" || place.authority == "registry-1.docker.io") {
    place.authority = "docker.io";
    // Docker's own key for its Hub ends in /v1/, which is no repository.
    if (slash != std::string_view::npos && text.substr(slash).starts_with("/v1")) text = text.substr(0, slash);
  }
  if (slash < text.size()) place.path = text.substr(slash);
  while (place.path.ends_with('/')) place.path.pop_back();
  return place;
}

bool lies_below(const Place& place, const Place& target) {
  if (place.authority != target.authority) return false;
  if (!target.scheme.empty() && target.scheme != place.scheme) return false;
  return place.path.starts_with(target.path) &&
         (place.path.size() == target.path.size() || place.path[target.path.size()] == '/');
}

class CredentialList final : public Credentials {
 public:
  explicit CredentialList(std::vector<CredentialEntry> entries) : entries_(std::move(entries)) {}

  Result<std::optional<Credential>> find(Context&, const CredentialRequest& request) override {
    const Place place = place_of(request.url);
    const CredentialEntry* best = nullptr;
    std::size_t longest = 0;
    for (const CredentialEntry& entry : entries_) {
      const Place target = place_of(entry.target);
      if (!lies_below(place, target)) continue;
      if (best != nullptr && target.path.size() <= longest) continue;
      best = &entry;
      longest = target.path.size();
    }
    return best == nullptr ? std::optional<Credential>() : std::optional(best->credential);
  }

 private:
  std::vector<CredentialEntry> entries_;
};

class CallbackCredentials final : public Credentials {
 public:
  explicit CallbackCredentials(CredentialCallback callback) : callback_(std::move(callback)) {}
  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    return callback_(context, request);
  }

 private:
  CredentialCallback callback_;
};

class CredentialChain final : public Credentials {
 public:
  explicit CredentialChain(std::vector<std::unique_ptr<Credentials>> chain) : chain_(std::move(chain)) {}
  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    for (const auto& credentials : chain_) {
      SB_TRY(auto found, credentials->find(context, request));
      if (found) return found;
    }
    return std::optional<Credential>();
  }

 private:
  std::vector<std::unique_ptr<Credentials>> chain_;
};

}  // namespace

std::unique_ptr<Credentials> credential_list(std::vector<CredentialEntry> entries) {
  return std::make_unique<CredentialList>(std::move(entries));
}

std::unique_ptr<Credentials> credential_callback(CredentialCallback callback) {
  return std::make_unique<CallbackCredentials>(std::move(callback));
}

std::unique_ptr<Credentials> credential_chain(std::vector<std::unique_ptr<Credentials>> chain) {
  return std::make_unique<CredentialChain>(std::move(chain));
}

}  // namespace samebits
