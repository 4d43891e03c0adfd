// SPDX-License-Identifier: Apache-2.0
#include "attacks/scenarios/script.h"

namespace wib::attacks {

const LoggedStep& Script::execute(Step step) {
  const LoggedStep& logged = world_.execute(std::move(step));
  if (logged.failed) going_ = false;
  return logged;
}

Script::Message Script::emitted(const LoggedStep& logged) {
  if (logged.failed || !logged.emitted || logged.status >= Status::bad_request) {
    going_ = false;
    return 0;
  }
  return *logged.emitted;
}

void Script::press(std::string note) {
  if (going_) execute({.kind = StepKind::press, .note = std::move(note)});
}

void Script::restart(std::string note) {
  if (going_) execute({.kind = StepKind::restart, .note = std::move(note)});
}

Script::Message Script::start(const std::string& client, std::string note) {
  if (!going_) return 0;
  return emitted(execute({.kind = StepKind::start, .client = client, .note = std::move(note)}));
}

Script::Message Script::forward_request(Message message, std::string note) {
  if (!going_) return 0;
  return emitted(execute(
      {.kind = StepKind::request, .delivery = {.forward = message}, .note = std::move(note)}));
}

Script::Message Script::forward_response(Message message, const std::string& client,
                                         std::string note) {
  if (!going_) return 0;
  return emitted(execute({.kind = StepKind::response,
                          .client = client,
                          .delivery = {.forward = message},
                          .note = std::move(note)}));
}

void Script::forward_last_response(Message message, const std::string& client, std::string note) {
  if (!going_) return;
  execute({.kind = StepKind::response,
           .client = client,
           .delivery = {.forward = message},
           .note = std::move(note)});
}

Script::Message Script::request(Endpoint endpoint, TermRef cookie,
                                std::map<std::string, TermRef> fields, std::string note) {
  if (!going_) return 0;
  return emitted(send(endpoint, std::move(cookie), std::move(fields), std::move(note)));
}

bool Script::try_request(Endpoint endpoint, TermRef cookie, std::map<std::string, TermRef> fields,
                         std::string note) {
  if (!going_) return false;
  const LoggedStep& logged = send(endpoint, std::move(cookie), std::move(fields), std::move(note));
  return logged.status == Status::ok || logged.status == Status::no_content;
}

Script::Message Script::insist(Endpoint endpoint, TermRef cookie,
                               std::map<std::string, TermRef> fields, std::string note) {
  if (!going_) return 0;
  const LoggedStep& logged = send(endpoint, std::move(cookie), std::move(fields), std::move(note));
  return logged.emitted.value_or(0);
}

void Script::wait(std::uint32_t ms, std::string note) {
  if (going_) execute({.kind = StepKind::wait, .ms = ms, .note = std::move(note)});
}

Script::Message Script::delivered() const {
  return world_.log().steps.back().delivered.value_or(0);
}

void Script::respond_last(const std::string& client, std::map<std::string, TermRef> fields,
                          std::string note) {
  if (!going_) return;
  execute({.kind = StepKind::response,
           .client = client,
           .delivery = {.status = Status::ok, .fields = std::move(fields)},
           .note = std::move(note)});
}

void Script::respond_status(const std::string& client, Status status, std::string note) {
  if (!going_) return;
  const LoggedStep& logged = execute({.kind = StepKind::response,
                                      .client = client,
                                      .delivery = {.status = status},
                                      .note = std::move(note)});
  if (logged.error.code != Errc::none) going_ = false;
}

const LoggedStep& Script::send(Endpoint endpoint, TermRef cookie,
                               std::map<std::string, TermRef> fields, std::string note) {
  return execute(
      {.kind = StepKind::request,
       .delivery = {.endpoint = endpoint, .cookie = std::move(cookie), .fields = std::move(fields)},
       .note = std::move(note)});
}

Script::Message Script::respond(const std::string& client, std::map<std::string, TermRef> fields,
                                std::string note, TermRef cookie) {
  if (!going_) return 0;
  return emitted(execute(
      {.kind = StepKind::response,
       .client = client,
       .delivery = {.status = Status::ok, .cookie = std::move(cookie), .fields = std::move(fields)},
       .note = std::move(note)}));
}

bool Script::learn(const std::string& label, const TermRef& term, std::string note) {
  if (!going_) return false;
  return !execute({.kind = StepKind::learn, .label = label, .term = term, .note = std::move(note)})
              .failed;
}

bool Script::check(const TermRef& left, const TermRef& right, std::string note) {
  if (!going_) return false;
  return !execute({.kind = StepKind::check, .term = left, .other = right, .note = std::move(note)})
              .failed;
}

void Script::metric(std::string name, double value, std::string unit) {
  metrics_.push_back({std::move(name), value, std::move(unit)});
}

SearchOptions Script::search_options() const {
  SearchOptions options;
  options.progress = progress_;
  return options;
}

Overheard listen(Script& script, const std::string& client) {
  Overheard heard;
  heard.get = script.start(client, "the owner sets up the device");
  heard.offer = script.forward_request(heard.get);
  heard.client_share = script.forward_response(heard.offer, client);
  heard.device_share = script.forward_request(heard.client_share);
  heard.auth = script.forward_response(heard.device_share, client);
  heard.auth_result = script.forward_request(heard.auth);
  heard.key = script.forward_response(heard.auth_result, client);
  heard.key_result = script.forward_request(heard.key);
  script.forward_last_response(heard.key_result, client);
  return heard;
}

}  // namespace wib::attacks
