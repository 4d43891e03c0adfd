// SPDX-License-Identifier: Apache-2.0
#include "attacks/scenarios/runner.h"

#include <chrono>

#include "attacks/scenarios/story.h"
#include "attacks/world/takes_code.h"

namespace wib::attacks {
namespace {

constexpr std::string_view simulation_target = "simulation";

// It has succeeded if the referee finds every aim broken and, where that matters, nobody noticed. A
// control must not succeed, noticed or not.
Outcome outcome_of(const Scenario& scenario, const Judgement& judgement) {
  const auto is_broken = [&](Property aim) { return judgement[aim].finding == Finding::broken; };
  const bool broken = scenario.any_aim ? std::ranges::any_of(scenario.aims, is_broken)
                                       : std::ranges::all_of(scenario.aims, is_broken);
  const bool unnoticed = !scenario.needs_completion || scenario.control ||
                         judgement[Property::r0].finding == Finding::holds;
  return broken && unnoticed ? Outcome::succeeded : Outcome::blocked;
}

// A step that is no matter of the attack and could not be done; nullptr if there is none.
const LoggedStep* undone(const Log& log) {
  const auto found = std::ranges::find_if(log.steps, [](const LoggedStep& step) {
    return step.failed && (step.kind_is(StepKind::press) || step.kind_is(StepKind::restart) ||
                           step.kind_is(StepKind::wait) || step.kind_is(StepKind::start) ||
                           step.error.code == Errc::capacity);
  });
  return found == log.steps.end() ? nullptr : &*found;
}

// An attack that is blocked by a device which does nothing at all shows nothing: some honest run
// has to complete, or the device to say why none does.
bool shows_life(const Scenario& scenario, const Judgement& judgement, const Log& log) {
  if (judgement[Property::r0].finding == Finding::holds) return true;
  // 503 alone would also be a device that is busy, or broken: it has to be the noise.
  return scenario.refused_at_start && std::ranges::any_of(log.steps, [&](const LoggedStep& step) {
           if (step.status != Status::service_unavailable || !step.emitted) return false;
           const ByteVector& answer = log.messages[*step.emitted].bytes;
           return as_text(answer).find(": entropy: noise: ") != std::string_view::npos;
         });
}

void decide(RunRecord& record, const Scenario& scenario, const Judgement& judgement,
            const Log& log) {
  record.outcome = outcome_of(scenario, judgement);
  if (record.target != simulation_target) {
    if (const auto judgeable = judgeable_on_target(scenario); !judgeable) {
      record.verdict = Verdict::error;
      record.reason = "cannot be judged here: " + std::string(judgeable.error().where);
      return;
    }
  }
  if (const LoggedStep* step = undone(log); step != nullptr) {
    record.verdict = Verdict::error;
    record.reason = "step " + std::to_string(step->number) + " (" +
                    std::string(name(step->step.kind)) +
                    ") could not be done: " + std::string(step->error.where);
    return;
  }
  if (!judgement.irregularities.empty()) {
    record.verdict = Verdict::error;
    record.reason = "the referee found an irregularity: " + judgement.irregularities.front();
    return;
  }
  if (!record.expected) {
    record.verdict = Verdict::inconclusive;
    record.reason = "nothing is known of what to expect of this suite";
    return;
  }
  if (record.outcome != *record.expected) {
    record.verdict = Verdict::fail;
    record.reason = record.outcome == Outcome::blocked
                        ? "the attack was expected to succeed and was blocked"
                        : "the attack was expected to be blocked and succeeded";
    return;
  }
  if (record.outcome == Outcome::blocked && !shows_life(scenario, judgement, log)) {
    record.verdict = Verdict::inconclusive;
    record.reason = "blocked, but no honest run completed: this proves nothing";
    return;
  }
  // Blocked is what an aim shows that was judged and holds.
  const auto not_judged = [&](Property aim) {
    return judgement[aim].finding == Finding::not_applicable;
  };
  const bool judged = scenario.any_aim ? !std::ranges::all_of(scenario.aims, not_judged)
                                       : std::ranges::none_of(scenario.aims, not_judged);
  if (record.outcome == Outcome::blocked && !judged) {
    record.verdict = Verdict::inconclusive;
    record.reason = "blocked, but " +
                    std::string(id(*std::ranges::find_if(scenario.aims, not_judged))) +
                    " was not judged: this proves nothing";
    return;
  }
  record.verdict = Verdict::pass;
  record.reason = record.outcome == Outcome::succeeded ? "the attack succeeds, as expected"
                                                       : "the attack is blocked, as expected";
}

// The group's p and g, as a device has them that gives them no name.
Group explicit_group(NamedGroup name) {
  const auto group = find_group(static_cast<std::uint16_t>(name));
  return group && !group->p.empty() ? *group : ffdhe2048();
}

SimulationConfig simulation_of(const Scenario& scenario, const RunOptions& options) {
  std::set<std::string> initial = scenario.initial;
  if (takes_code(options.suite)) {
    initial.insert(scenario.initial_with_code.begin(), scenario.initial_with_code.end());
  }
  return {.suite = options.suite,
          .device_backend = options.device_backend,
          .client_backend = options.client_backend,
          .seed = options.seed,
          .device_entropy = scenario.device_entropy,
          .group = explicit_group(options.group),
          .device_transitions = options.device_transitions,
          .client_transitions = options.client_transitions,
          .initial = std::move(initial)};
}

TraceHeader header_of(const SimulationConfig& config, std::string scenario) {
  return {.scenario = std::move(scenario),
          .suite = std::string(config.suite.name().view()),
          .reading = std::string(config.suite.reading()),
          .device_backend = std::string(config.device_backend.name()),
          .client_backend = std::string(config.client_backend.name()),
          .seed = config.seed,
          .serial = config.serial,
          .device_entropy = config.device_entropy,
          .initial = config.initial,
          .group = config.group.name};
}

Conditions conditions_of(const SimulationConfig& config) {
  return {.device_entropy = config.device_entropy,
          .window = config.suite.session_policy.window(),
          .lifetime = config.suite.session_policy.lifetime(),
          .authenticator = takes_code(config.suite) ? config.code : config.serial};
}

}  // namespace

namespace {

// What a record says before anything has happened.
void describe(RunRecord& record, const Scenario& scenario, const TraceHeader& header) {
  record.id = scenario.id();
  record.family = scenario.family;
  record.variant = scenario.variant;
  record.title = scenario.title;
  record.control = scenario.control;
  record.suite = header.suite;
  record.reading = header.reading;
  record.device_backend = header.device_backend;
  record.client_backend = header.client_backend;
  record.seed = header.seed.value_or(0);
  record.device_entropy = header.device_entropy.text();
  record.target = header.target;
  record.aims = scenario.aims;
  const auto expected = expectation(scenario, header.suite);
  if (expected) {
    record.expected = expected->outcome();
    record.why = expected->reason;
  }
}

// Somebody refused: the owner tries again, when the attacker is gone. Then it is the attack that
// was blocked, and not the device that is broken.
void afterwards(World& world) {
  constexpr std::uint32_t longer_than_a_session = 61'000;  // ms
  std::vector<Metric> none;
  Script script(world, none, {});
  script.wait(longer_than_a_session, "the attacker is gone");
  script.press("the owner presses the button again");
  (void)listen(script, "owner/again");
}

}  // namespace

Run run_scenario_in(World& world, const Scenario& scenario, const TraceHeader& header,
                    const Conditions& conditions, Certificates& certificates, Crypto& crypto,
                    const Progress& progress, bool redact) {
  Run run;
  RunRecord& record = run.record;
  describe(record, scenario, header);

  const auto begin = std::chrono::steady_clock::now();
  Script script(world, record.metrics, progress);
  scenario.run(script);
  Judgement judgement = judge(world, conditions, certificates);
  if (!script.going() && header.target == simulation_target &&
      judgement[Property::r0].finding != Finding::holds) {
    afterwards(world);
    judgement = judge(world, conditions, certificates);
  }
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  record.conduct = name(judgement.conduct);
  record.properties = judgement.properties;
  record.irregularities = judgement.irregularities;
  record.thefts = explain(world.log(), judgement);
  record.story = tell(world.log());
  decide(record, scenario, judgement, world.log());
  run.trace = write_trace(header, world.log(), judgement, crypto, redact);
  return run;
}

Run run_scenario(const Scenario& scenario, const RunOptions& options) {
  const SimulationConfig config = simulation_of(scenario, options);
  const auto expected = expectation(scenario, config.suite.name().view());
  if (expected && expected->kind == Expectation::Kind::not_applicable) {
    Run none;
    describe(none.record, scenario, header_of(config, scenario.id()));
    none.record.verdict = Verdict::not_applicable;
    none.record.reason = expected->reason;
    return none;
  }
  World world = simulate(config);
  return run_scenario_in(world, scenario, header_of(config, scenario.id()), conditions_of(config),
                         options.client_backend.certificates(), options.client_backend.crypto(),
                         options.progress, false);
}

Result<Replay> replay_trace(const Trace& trace, Backend& device_backend, Backend& client_backend) {
  const TraceHeader& recorded = trace.header;
  const auto suite = parse_suite(recorded.suite, recorded.reading);
  if (!suite) return fail(Errc::out_of_range, "trace: unknown suite or reading");
  if (recorded.target != simulation_target || !recorded.seed) {
    return fail(Errc::unexpected, "trace: recorded on a real target, evidence but no seed");
  }
  const SimulationConfig config{.suite = *suite,
                                .device_backend = device_backend,
                                .client_backend = client_backend,
                                .seed = *recorded.seed,
                                .device_entropy = recorded.device_entropy,
                                .serial = recorded.serial,
                                .group = explicit_group(recorded.group),
                                .initial = recorded.initial};
  World world = simulate(config);
  Replay replay;
  const auto differ = [&](std::size_t step, std::string what) {
    replay.differences.push_back("step " + std::to_string(step) + ": " + std::move(what));
  };
  for (const TraceStep& expected : trace.steps) {
    const LoggedStep& logged = world.execute(expected.step);
    if (logged.failed != expected.failed) {
      differ(logged.number, logged.failed ? "could not be done: " + std::string(logged.error.where)
                                          : "was done, but could not be when it was recorded");
    }
    if (logged.status != expected.status) {
      differ(logged.number, "status " + std::to_string(static_cast<unsigned>(logged.status)) +
                                ", recorded " +
                                std::to_string(static_cast<unsigned>(expected.status)));
    }
    if (logged.connection_refused != expected.connection_refused) {
      differ(logged.number, logged.connection_refused ? "connection refused, recorded as answered"
                                                      : "answered, recorded as refused");
    }
    const ByteVector none;
    const ByteVector& bytes = logged.emitted ? world.log().messages[*logged.emitted].bytes : none;
    if (bytes.empty() != expected.emitted.empty()) {
      differ(logged.number, bytes.empty() ? "nothing was sent" : "a message was sent");
    }
    if (!expected.emitted.empty()) {
      ++replay.messages;
      if (bytes == expected.emitted) ++replay.same_bytes;
    }
  }

  const Judgement judgement = judge(world, conditions_of(config), client_backend.certificates());
  for (const PropertyResult& result : judgement.properties) {
    const bool was = std::ranges::find(trace.broken, result.property) != trace.broken.end();
    const bool is = result.finding == Finding::broken;
    if (was != is) {
      replay.differences.push_back(
          std::string(id(result.property)) +
          (is ? " is broken, recorded as not" : " is not broken, recorded as broken"));
    }
  }
  RunRecord& record = replay.run.record;
  record.id = recorded.scenario;
  record.suite = recorded.suite;
  record.reading = recorded.reading;
  record.device_backend = device_backend.name();
  record.client_backend = client_backend.name();
  record.seed = *recorded.seed;
  record.device_entropy = recorded.device_entropy.text();
  record.target = "simulation";
  record.conduct = name(judgement.conduct);
  record.properties = judgement.properties;
  record.irregularities = judgement.irregularities;
  record.thefts = explain(world.log(), judgement);
  record.story = tell(world.log());
  replay.run.trace = write_trace(header_of(config, recorded.scenario), world.log(), judgement,
                                 client_backend.crypto(), false);
  return replay;
}

}  // namespace wib::attacks
