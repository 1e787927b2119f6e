#include "http/field_scanner.hpp"

namespace samebits::http {
namespace {

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace

void FieldScanner::skip_blanks() noexcept {
  while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

void FieldScanner::skip_separators() noexcept {
  while (!at_end() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == ',')) ++at_;
}

void FieldScanner::skip_element() noexcept {
  bool quoted = false;
  for (; !at_end(); ++at_) {
    if (text_[at_] == '"') quoted = !quoted;
    if (quoted && text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    if (!quoted && text_[at_] == ',') {
      ++at_;
      return;
    }
  }
}

bool FieldScanner::take(char c) noexcept {
  const std::size_t before = at_;
  skip_blanks();
  if (!at_end() && text_[at_] == c) {
    ++at_;
    return true;
  }
  at_ = before;
  return false;
}

std::optional<std::string_view> FieldScanner::until(char c) noexcept {
  const auto end = text_.find(c, at_);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view found = text_.substr(at_, end - at_);
  at_ = end + 1;
  return found;
}

std::string_view FieldScanner::token() noexcept {
  const std::size_t begin = at_;
  while (!at_end() && is_token_char(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string_view FieldScanner::token68() noexcept {
  const std::size_t begin = at_;
  while (!at_end() && (is_token_char(text_[at_]) || text_[at_] == '/')) ++at_;
  while (!at_end() && text_[at_] == '=') ++at_;
  return text_.substr(begin, at_ - begin);
}

std::optional<std::string> FieldScanner::quoted() {
  if (!take('"')) return std::nullopt;
  std::string value;
  for (; !at_end(); ++at_) {
    if (text_[at_] == '"') {
      ++at_;
      return value;
    }
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    value += text_[at_];
  }
  return std::nullopt;
}

std::optional<std::pair<std::string, std::string>> FieldScanner::parameter() {
  skip_blanks();
  std::string name(token());
  if (name.empty()) return std::nullopt;
  if (!take('=')) return std::pair(std::move(name), std::string());
  skip_blanks();
  if (!at_end() && text_[at_] == '"') {
    auto value = quoted();
    if (!value) return std::nullopt;
    return std::pair(std::move(name), *std::move(value));
  }
  // Servers leave out the quotes around URLs.
  const std::size_t begin = at_;
  while (!at_end() && text_[at_] != ',' && text_[at_] != ';' && text_[at_] != ' ' && text_[at_] != '\t') ++at_;
  return std::pair(std::move(name), std::string(text_.substr(begin, at_ - begin)));
}

}  // namespace samebits::http
