// SPDX-License-Identifier: Apache-2.0
#include "attacks/report/markup.h"

#include <algorithm>
#include <array>

#include "attacks/report/text.h"

namespace wib::attacks::report {
namespace {

// Elements that begin a line of the file. Between others, white space would show.
constexpr auto blocks = std::to_array<std::string_view>(
    {"article", "aside", "body", "dd",  "details", "div",   "dl",      "dt",     "figure",
     "footer",  "g",     "h1",   "h2",  "h3",      "h4",    "head",    "header", "html",
     "li",      "main",  "meta", "nav", "ol",      "p",     "section", "style",  "svg",
     "table",   "tbody", "td",   "th",  "thead",   "title", "tr",      "ul"});

bool is_block(std::string_view tag) { return std::ranges::find(blocks, tag) != blocks.end(); }

}  // namespace

void Markup::open(std::string_view tag, Attributes attributes) {
  if (is_block(tag) && !out_.empty() && out_.back() != '\n') out_ += '\n';
  (out_ += '<') += tag;
  for (const Attribute& attribute : attributes) {
    if (attribute.value.empty()) continue;
    ((((out_ += ' ') += attribute.name) += "=\"") += escape(attribute.value)) += '"';
  }
}

void Markup::close(std::string_view tag) { ((out_ += "</") += tag) += '>'; }

Markup::Element Markup::in(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += '>';
  return {*this, tag};
}

Markup& Markup::element(std::string_view tag, Attributes attributes, std::string_view text) {
  open(tag, attributes);
  (out_ += '>') += escape(text);
  close(tag);
  return *this;
}

Markup& Markup::empty(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += "/>";
  return *this;
}

Markup& Markup::text(std::string_view text) {
  out_ += escape(text);
  return *this;
}

Markup& Markup::trusted(std::string_view text) {
  out_ += text;
  return *this;
}

}  // namespace wib::attacks::report
