// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "attacks/report/overview.h"
#include "attacks/report/report.h"

namespace wib::attacks {
namespace {

using report::AimSaid;
using report::EngineAnswer;
using report::ModelVerdict;
using report::ModelVerdicts;

// Keys stay in the order in which they are written.
using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }

Json header_json(const ReportHeader& header) {
  Json libraries = Json::array();
  for (const auto& [backend, library] : header.libraries) {
    libraries.push_back({{"backend", backend}, {"library", library}});
  }
  return {{"tool", header.tool},
          {"version", header.version},
          {"command", header.command},
          {"libraries", std::move(libraries)}};
}

Json engines_json(const ModelVerdict* verdict) {
  Json engines = Json::array();
  if (verdict == nullptr) return engines;
  for (const EngineAnswer& one : verdict->answers) {
    engines.push_back({{"engine", one.engine},
                       {"found", one.found ? Json(name(*one.found)) : Json()},
                       {"bound", one.bound},
                       {"states", one.states},
                       {"problem", text_or_null(one.problem)}});
  }
  return engines;
}

Json model_json(const ModelVerdicts& models, const RunRecord& record) {
  Json aims = Json::array();
  for (const AimSaid& said : models_on(models, record)) {
    const auto answer = said.verdict == nullptr ? std::nullopt : said.verdict->answer();
    aims.push_back({{"property", id(said.aim)},
                    {"scenario", text_or_null(said.scenario)},
                    {"says", answer ? Json(name(*answer)) : Json()},
                    {"text", said.verdict == nullptr ? Json() : Json(said.words())},
                    {"agreement", name(said.agreement)},
                    {"why", text_or_null(said.why)},
                    {"engines", engines_json(said.verdict)}});
  }
  return aims;
}

Json summary_json(std::span<const RunRecord> records, const ModelVerdicts* models) {
  const report::Overview overview(records);
  std::array<std::size_t, verdict_count> counts{};
  for (const RunRecord& record : records) ++counts[static_cast<std::size_t>(record.verdict)];
  Json summary = {{"runs", records.size()}};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    summary[std::string(name(static_cast<Verdict>(i)))] = counts[i];
  }
  summary["text"] = overview.summary();
  summary["attention"] = overview.attention();
  summary["combinations_not_run"] = overview.cells_without_run();
  if (models != nullptr) {
    const report::ModelTally sum = report::tally(*models, records);
    for (std::size_t i = 0; i < report::agreement_count; ++i) {
      const auto agreement = static_cast<report::Agreement>(i);
      summary["model"][std::string(name(agreement))] = sum.count(agreement);
    }
    summary["model"]["text"] = sum.line();
  }
  return summary;
}

Json aims_json(const RunRecord& record) {
  Json aims = Json::array();
  for (const Property aim : record.aims) aims.push_back(id(aim));
  return aims;
}

Json properties_json(const RunRecord& record) {
  Json properties = Json::array();
  for (const PropertyResult& result : record.properties) {
    properties.push_back({{"id", id(result.property)},
                          {"finding", name(result.finding)},
                          {"witness", text_or_null(result.witness)}});
  }
  return properties;
}

Json thefts_json(const RunRecord& record) {
  Json thefts = Json::array();
  for (const Theft& theft : record.thefts) {
    Json steps = Json::array();
    for (const auto& [value, term] : theft.steps) {
      steps.push_back({{"name", value}, {"term", term}});
    }
    thefts.push_back({{"owner", theft.owner},
                      {"label", theft.label},
                      {"derivation", theft.derivation},
                      {"steps", std::move(steps)}});
  }
  return thefts;
}

Json metrics_json(const RunRecord& record) {
  Json metrics = Json::array();
  for (const Metric& metric : record.metrics) {
    metrics.push_back({{"name", metric.name}, {"value", metric.value}, {"unit", metric.unit}});
  }
  return metrics;
}

Json result_json(const RunRecord& record, const ModelVerdicts* models) {
  const Family* family = report::find_family(record.family);
  Json result;
  result["id"] = record.id;
  result["family"] = record.family;
  result["variant"] = record.variant;
  result["title"] = record.title;
  result["control"] = record.control;
  result["suite"] = record.suite;
  result["reading"] = record.reading;
  result["device_backend"] = record.device_backend;
  result["client_backend"] = record.client_backend;
  const bool ran = record.verdict != Verdict::not_applicable;
  result["outcome"] = ran ? Json(name(record.outcome)) : Json();
  result["expected"] = record.expected ? Json(name(*record.expected)) : Json();
  result["verdict"] = name(record.verdict);
  if (models != nullptr) result["model"] = model_json(*models, record);
  result["reason"] = record.reason;
  result["why"] = text_or_null(record.why);
  result["for_defences"] = record.for_defences;
  result["aims"] = aims_json(record);
  result["properties"] = properties_json(record);
  result["cwe"] = text_or_null(family == nullptr ? std::string_view() : family->cwe);
  result["cwe_name"] = text_or_null(family == nullptr ? std::string_view() : family->cwe_name);
  result["trace"] = text_or_null(record.trace);
  result["seed"] = record.seed;
  result["device_entropy"] = record.device_entropy;
  result["conduct"] = record.conduct;
  result["target"] = record.target;
  result["thefts"] = thefts_json(record);
  result["metrics"] = metrics_json(record);
  result["irregularities"] = record.irregularities;
  result["seconds"] = record.seconds;
  return result;
}

}  // namespace

std::string to_json(const ReportHeader& header, std::span<const RunRecord> records,
                    const ModelVerdicts* models) {
  Json results = Json::array();
  for (const RunRecord& record : records) results.push_back(result_json(record, models));
  Json document;
  document["schema"] = report_schema_version;
  document["header"] = header_json(header);
  document["summary"] = summary_json(records, models);
  document["results"] = std::move(results);
  // What is not UTF-8 becomes U+FFFD: a report must come out whatever a peer has sent.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wib::attacks
