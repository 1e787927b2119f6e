#pragma once

#include <iostream>
#include <string>
#include <string_view>
#include <type_traits>

#include <samebits/samebits.hpp>

#include "github.hpp"
#include "session.hpp"

namespace samebits::cli {

/// Prints an error where it belongs and gives its exit status.
int fail(const Session& session, const Error& error);
int fail(bool json, const Error& error);
/// To standard error; nothing with --quiet, and nothing with JSON, whose documents hold them.
void warn(const Session& session, const std::vector<std::string>& warnings);
/// Prints text for people, without what could move their terminal.
void print(std::string_view text);

// What people read; each ends in a line break.
std::string to_text(const Receipt& receipt);
std::string to_text(const Plan& plan);
std::string to_text(const Environments& environments);
std::string to_text(const GateReport& report);
std::string to_text(const History& history);
std::string to_text(const Trace& trace);
std::string to_text(const ImageReport& image);
std::string to_text(const ImageTag& tag);
std::string to_text(const ImagesReport& images);
std::string to_text(const Report& report);
std::string to_text(const Status& status);
std::string to_text(const Rollout& rollout);
std::string to_text(const std::vector<EnvironmentState>& states);
std::string to_text(const std::vector<ImageTag>& tags);
std::string to_text(const std::vector<GateVerdict>& gates);
/// `main-4f9d3c1...` with the commit cut short; other text as it is.
std::string brief_tag(std::string_view tag);
std::string brief_digest(const std::optional<Digest>& digest);

/// Tells of a wait on standard error: one line on a terminal, events with --output json, else nothing.
RolloutProgress progress_of(const Session& session);
/// Before anything else is said.
void end_progress();

/// The bytes of a file; `-` is standard input. Errors: file_missing, cancelled.
Result<std::string> read_input(const std::string& file);

/// Prints a result as text or as its document.
template <class Value>
int show(const Session& session, const Result<Value>& result) {
  if (!result) return fail(session, result.error());
  if constexpr (requires { result->warnings; }) warn(session, result->warnings);
  if constexpr (std::is_same_v<Value, Receipt>)
    if (session.github()) report_to_github(*result);
  if (session.json()) {
    std::cout << to_json(*result) << '\n';
  } else if (!session.quiet()) {
    print(to_text(*result));
  }
  return 0;
}

/// Prints the answer of a query, which --quiet does not silence.
template <class Value>
int answer(const Session& session, const Result<Value>& result) {
  if (!result) return fail(session, result.error());
  if constexpr (requires { result->warnings; }) warn(session, result->warnings);
  if (session.json()) {
    std::cout << to_json(*result) << '\n';
  } else {
    print(to_text(*result));
  }
  return 0;
}

/// Asks about the service that was named, if one is meant, and prints the answer. Its outcome is the exit status.
template <class Request, class Query>
int ask(const Session& session, Request& request, Query query) {
  if constexpr (requires { request.service; }) {
    auto service = session.service();
    if (!service) return fail(session, service.error());
    request.service = *std::move(service);
  }
  auto client = session.client();
  if (!client) return fail(session, client.error());
  const auto found = (client->promoter().*query)(request);
  const int status = answer(session, found);
  if (!found) return status;
  if constexpr (requires { outcome_of(*found, request); })
    return static_cast<int>(outcome_of(*found, request));
  else if constexpr (requires { outcome_of(*found); })
    return static_cast<int>(outcome_of(*found));
  else
    return status;
}

/// Acts, or with --dry-run plans.
template <class Act, class Request>
int act_or_plan(const Session& session, const Request& request, Act act) {
  auto client = session.client();
  if (!client) return fail(session, client.error());
  if (session.dry_run()) return show(session, client->promoter().plan(request));
  if constexpr (requires { request.wait; }) client->promoter().tell(progress_of(session));
  const auto receipt = (client->promoter().*act)(request);
  end_progress();
  return show(session, receipt);
}

}  // namespace samebits::cli
