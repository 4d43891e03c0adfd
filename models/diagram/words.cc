// SPDX-License-Identifier: Apache-2.0
#include "models/diagram/words.h"

#include <algorithm>
#include <tuple>

namespace wib::models {
namespace {

template <class State, class Event>
Words make(std::size_t states, std::size_t events, std::initializer_list<State> alike,
           State note_at) {
  Words words;
  for (std::size_t i = 0; i < states; ++i) {
    words.states.emplace_back(name(static_cast<State>(i)));
  }
  for (std::size_t i = 0; i < events; ++i) {
    const std::string_view word = name(static_cast<Event>(i));
    words.events.push_back({std::string(word), label(word)});
  }
  for (std::size_t i = 0; i < judged_count; ++i) {
    words.judged.emplace_back(name(static_cast<Judged>(i)));
  }
  for (const State state : alike) words.alike.emplace_back(name(state));
  words.note_at = name(note_at);
  return words;
}

Words device_words() {
  using enum DeviceState;
  return make<DeviceState, DeviceEvent>(device_state_count, device_event_count,
                                        {await_share, await_auth, await_key}, await_key);
}

Words client_words() {
  using enum ClientState;
  Words words = make<ClientState, ClientEvent>(
      client_state_count, client_event_count,
      {expect_offer, expect_share, expect_auth_result, expect_key_result}, expect_offer);
  // Statuses, as on the device's arrows.
  words.events[static_cast<std::size_t>(ClientEvent::ok)].label = "200";
  words.events[static_cast<std::size_t>(ClientEvent::no_content)].label = "204";
  return words;
}

}  // namespace

const Words& words(Party party) {
  static const Words device = device_words();
  static const Words client = client_words();
  return party == Party::device ? device : client;
}

std::string label(std::string_view word) {
  std::string text(word);
  for (const std::string_view method : {"get_", "post_"}) {
    if (!word.starts_with(method)) continue;
    std::transform(method.begin(), method.end(), text.begin(),
                   [](char c) { return c == '_' ? c : static_cast<char>(c - 'a' + 'A'); });
  }
  std::ranges::replace(text, '_', ' ');
  return text;
}

void sort(Party party, std::vector<Edge>& edges) {
  const Words& all = words(party);
  std::ranges::sort(edges, {}, [&all](const Edge& edge) {
    return std::tuple(std::ranges::find(all.states, edge.from),
                      std::ranges::find(all.events, edge.event, &EventWord::word),
                      std::ranges::find(all.judged, edge.judged), edge.output,
                      std::ranges::find(all.states, edge.to));
  });
}

std::string join(std::span<const std::string> words, std::string_view mark) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += mark;
    text += word;
  }
  return text;
}

std::vector<std::string> split(std::string_view text, std::string_view mark) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find(mark)) != std::string_view::npos;) {
    words.emplace_back(text.substr(0, at));
    text.remove_prefix(at + mark.size());
  }
  words.emplace_back(text);
  return words;
}

}  // namespace wib::models
