// SPDX-License-Identifier: Apache-2.0
#include "attacks/scenarios/story.h"

namespace wib::attacks {
namespace {

constexpr std::size_t shown_bytes = 8;

std::string abbreviate(const ByteVector& bytes) {
  const ByteView view(bytes);
  if (view.size() <= shown_bytes) return to_hex(view);
  return to_hex(view.first(shown_bytes)) + "... (" + std::to_string(view.size()) + " bytes)";
}

std::string request_line(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::get_dh: return "GET /setup/dh.wib";
    case Endpoint::post_dh: return "POST /setup/dh.wib";
    case Endpoint::post_auth: return "POST /setup/auth.wib";
    case Endpoint::post_key: return "POST /setup/key.wib";
  }
  return "?";
}

std::string fields_of(const WireMessage& message) {
  std::string text;
  for (const auto& [field, value] : message.fields) {
    if (field == "raw") continue;
    if (!text.empty()) text += ", ";
    text += field + " " + abbreviate(value);
  }
  return text;
}

StoryLine message_line(const WireMessage& message, std::string from, std::string to) {
  StoryLine line{.kind = StoryLine::Kind::message, .from = std::move(from), .to = std::move(to)};
  if (message.request) {
    line.label = request_line(message.endpoint);
  } else {
    line.label = std::to_string(static_cast<unsigned>(message.status)) + " " +
                 std::string(reason_phrase(message.status));
    line.refused = message.status >= Status::bad_request;
  }
  line.detail = fields_of(message);
  line.forged = message.from == "attacker";
  return line;
}

StoryLine event(std::string lane, std::string label) {
  return {.kind = StoryLine::Kind::event, .from = std::move(lane), .label = std::move(label)};
}

// Which named values a term is made of, outermost first; the names stand for the terms.
std::string named(const TermRef& term, const std::vector<Fact>& facts, std::size_t upto) {
  for (std::size_t i = 0; i < upto; ++i) {
    if (facts[i].term == term) return facts[i].label;
  }
  if (term->arguments.empty()) return to_text(term);
  std::string text = to_text(term);
  text.resize(text.find('('));
  text += "(";
  for (std::size_t i = 0; i < term->arguments.size(); ++i) {
    if (i != 0) text += ", ";
    text += named(term->arguments[i], facts, upto);
  }
  return text + ")";
}

}  // namespace

std::vector<StoryLine> tell(const Log& log) {
  std::vector<StoryLine> story;
  const auto add = [&](StoryLine line, const LoggedStep& step, bool with_note) {
    line.step = step.number;
    if (with_note) line.note = step.step.note;
    story.push_back(std::move(line));
  };
  for (const LoggedStep& step : log.steps) {
    const std::string& client = step.step.client;
    switch (step.step.kind) {
      case StepKind::press: add(event("device", "button pressed"), step, true); break;
      case StepKind::long_press: add(event("device", "button pressed for long"), step, true); break;
      case StepKind::restart: add(event("device", "power off and on"), step, true); break;
      case StepKind::wait:
        add(event("device", "wait " + std::to_string(step.step.ms) + " ms"), step, true);
        break;
      case StepKind::start: add(event(client, "starts a set-up"), step, true); break;
      case StepKind::request:
      case StepKind::response: {
        const bool request = step.step.kind == StepKind::request;
        const std::string to = request ? "device" : client;
        if (step.delivered) {
          add(message_line(log.messages[*step.delivered], "attacker", to), step, true);
        }
        if (step.connection_refused) {
          StoryLine line{.kind = StoryLine::Kind::message,
                         .from = "device",
                         .to = "attacker",
                         .label = "connection refused",
                         .refused = true};
          add(std::move(line), step, false);
        }
        break;
      }
      case StepKind::learn:
      case StepKind::check: {
        StoryLine line{.kind = StoryLine::Kind::knowledge, .from = "attacker"};
        const bool learn = step.step.kind == StepKind::learn;
        line.label = learn ? "learns: " + step.step.label : "finds equal";
        // In the names that have been learnt by then.
        const auto known = static_cast<std::size_t>(std::ranges::count_if(
            log.facts, [&](const Fact& fact) { return fact.step < step.number; }));
        line.detail = named(step.step.term, log.facts, known);
        if (!learn) line.detail += " = " + named(step.step.other, log.facts, known);
        line.refused = step.failed;
        if (step.failed) line.label = learn ? "cannot: " + step.step.label : "finds different";
        add(std::move(line), step, true);
        break;
      }
    }
    if (step.emitted) {
      const WireMessage& message = log.messages[*step.emitted];
      add(message_line(message, message.from, "attacker"), step, false);
    }
    for (const PartyClaim& claim : log.claims) {
      if (claim.step != step.number) continue;
      const ClaimKind kind = claim.claim.kind;
      if (kind == ClaimKind::installed) add(event(claim.party, "installs the pair"), step, false);
      if (kind == ClaimKind::completed) add(event(claim.party, "set-up complete"), step, false);
      if (kind == ClaimKind::aborted) add(event(claim.party, "set-up failed"), step, false);
    }
  }
  return story;
}

std::vector<Theft> explain(const Log& log, const Judgement& judgement) {
  std::vector<Theft> thefts;
  for (const StolenKey& stolen : judgement.stolen) {
    const Fact& fact = log.facts[stolen.fact];
    Theft theft{.owner = stolen.owner, .label = fact.label, .derivation = stolen.derivation};
    for (std::size_t i = 0; i <= stolen.fact; ++i) {
      theft.steps.emplace_back(log.facts[i].label, named(log.facts[i].term, log.facts, i));
    }
    thefts.push_back(std::move(theft));
  }
  return thefts;
}

}  // namespace wib::attacks
