// SPDX-License-Identifier: Apache-2.0
//
// Reads the pages of the report back.
#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wib::props {

// A small XML reader: throws std::runtime_error where the text is not well-formed. Good enough for
// what one writer writes: no comments, no CDATA.
class XmlReader {
 public:
  struct Attribute {
    std::string element, name, value;
  };

  explicit XmlReader(std::string_view text) : rest_(text) {
    expect("<!DOCTYPE html>\n");
    element();
    if (rest_ != "\n") fail("text after the root");
  }

  [[nodiscard]] const std::vector<Attribute>& attributes() const { return attributes_; }
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const {
    std::vector<std::string> found;
    for (const Attribute& attribute : attributes_) {
      if (attribute.name == name) found.push_back(attribute.value);
    }
    return found;
  }
  // Text of the elements with that value of `class`, in order.
  [[nodiscard]] const std::vector<std::string>& text_of(const std::string& style) {
    return texts_[style];
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at: " + std::string(rest_.substr(0, 80)));
  }
  void expect(std::string_view text) {
    if (!rest_.starts_with(text)) fail("expected " + std::string(text));
    rest_.remove_prefix(text.size());
  }
  std::string name() {
    std::size_t size = 0;
    while (size < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 || rest_[size] == '-')) {
      ++size;
    }
    if (size == 0) fail("expected a name");
    const std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return found;
  }
  // Characters up to one of `stops`, with the entities that are allowed decoded.
  std::string characters(std::string_view stops) {
    static const std::vector<std::pair<std::string_view, char>> entities = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    std::string text;
    while (!rest_.empty() && stops.find(rest_[0]) == std::string_view::npos) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      if (byte < 0x20 && byte != '\n' && byte != '\t') fail("control character");
      if (rest_[0] != '&') {
        text += rest_[0];
        rest_.remove_prefix(1);
        continue;
      }
      const auto entity = std::ranges::find_if(
          entities, [&](const auto& one) { return rest_.starts_with(one.first); });
      if (entity == entities.end()) fail("bare ampersand");
      text += entity->second;
      rest_.remove_prefix(entity->first.size());
    }
    return text;
  }
  std::string element() {
    expect("<");
    const std::string tag = name();
    std::string style;
    std::set<std::string> seen;
    while (rest_.starts_with(" ")) {
      expect(" ");
      Attribute attribute{tag, name(), {}};
      expect("=\"");
      attribute.value = characters("\"<");
      expect("\"");
      if (!seen.insert(attribute.name).second) fail("attribute twice");
      if (attribute.name == "class") style = attribute.value;
      attributes_.push_back(std::move(attribute));
    }
    if (rest_.starts_with("/>")) {
      expect("/>");
      return {};
    }
    expect(">");
    std::string text;
    while (!rest_.starts_with("</")) {
      if (rest_.empty()) fail("not closed: " + tag);
      text += rest_.starts_with("<") ? element() : characters("<");
    }
    expect("</" + tag + ">");
    texts_[style].push_back(text);
    return text;
  }

  std::string_view rest_;
  std::vector<Attribute> attributes_;
  std::map<std::string, std::vector<std::string>> texts_;
};

// Expects `html` to be well-formed, to fetch nothing, and to have the target of every link inside
// the page once.
void check_page(const std::string& html);

}  // namespace wib::props
