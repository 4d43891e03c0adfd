// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/campaign.h"

#include <ctime>

namespace wib::fuzz {
namespace {

// Traces between looks at the clock.
constexpr int batch = 128;

}  // namespace

double cpu_seconds() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<DeviceRow> canary_table() {
  std::vector<DeviceRow> rows(device_table().begin(), device_table().end());
  for (DeviceRow& row : rows) {
    if (row.on == DeviceState::await_key && row.event == DeviceEvent::post_key &&
        row.judged == Judged::good) {
      row.next = DeviceState::no_session;
      row.effects = Effects::install | Effects::drop_all;
    }
  }
  return rows;
}

Campaign run_campaign(const CampaignConfig& config,
                      const std::function<bool(const CampaignStatus&)>& status) {
  Campaign campaign{.suite = std::string(config.suite.id().view()),
                    .conditions = config.conditions,
                    .seed = config.seed};
  const Configuration sound{.suite = config.suite, .conditions = config.conditions};

  // First the bug that must be seen: the same loop, the same suite, one row of the table changed.
  {
    const std::vector<DeviceRow> rows = canary_table();
    Configuration planted = sound;
    planted.device.device_rows = rows;
    Hunter hunter(planted, {.seed = config.seed});
    const double begin = cpu_seconds();
    while (!hunter.found(to_violation(attacks::Property::c3)) &&
           campaign.canary_seconds < config.canary_seconds) {
      for (int i = 0; i < batch; ++i) (void)hunter.next();
      campaign.canary_seconds = cpu_seconds() - begin;
      if (status && !status({hunter, campaign.canary_seconds, config.canary_seconds, "canary"})) {
        break;
      }
    }
    campaign.canary_found = hunter.found(to_violation(attacks::Property::c3));
    campaign.canary_traces = hunter.traces();
  }

  Hunter hunter(sound, {.seed = config.seed});
  const double begin = cpu_seconds();
  std::vector<double> first;
  for (const Bytes& trace : config.corpus) (void)hunter.feed(trace);
  while (campaign.seconds < config.seconds &&
         (config.max_traces == 0 || hunter.traces() < config.max_traces)) {
    for (int i = 0; i < batch; ++i) (void)hunter.next();
    campaign.seconds = cpu_seconds() - begin;
    first.resize(hunter.finds().size(), campaign.seconds);
    if (status && !status({hunter, campaign.seconds, config.seconds, "hunt"})) break;
  }
  campaign.traces = hunter.traces();
  campaign.steps = hunter.steps();
  campaign.states = hunter.states();
  campaign.features = hunter.features();
  campaign.honest = hunter.honest();
  campaign.stages = hunter.stages();
  campaign.corpus = hunter.champions();

  const Violations expected = expected_of(config.suite, config.conditions);
  Harness harness(sound);
  for (std::size_t i = 0; i < hunter.finds().size(); ++i) {
    const Find& find = hunter.finds()[i];
    Finding finding{.violation = find.violation,
                    .expected = expected.has(find.violation),
                    .count = hunter.count(find.violation),
                    .first_seconds = first[i],
                    .first_traces = find.traces,
                    .found_size = find.trace.size()};
    if (status) (void)status({hunter, campaign.seconds, config.seconds, id(find.violation)});
    finding.proof = prove(sound, find.violation, minimise(harness, find.violation, find.trace),
                          title(find.violation));
    if (config.confirm) {
      finding.confirmations = confirm(finding.proof, config.suite);
      finding.verdict = verdict_of(finding.confirmations);
    }
    campaign.findings.push_back(std::move(finding));
  }
  return campaign;
}

}  // namespace wib::fuzz
