"""What the search says to readers, per language; English where a language is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_KEYS = (
    "results", "none", "tips", "meant", "mostRead", "contact", "any", "more", "failed",
    "category", "product", "audience", "priority", "freshness",
    "current", "unchecked", "overdue", "machine", "stale", "major", "trial", "missing",
)  # fmt: skip
_WORDS = {
    "en": (
        "Results: {n}", "Nothing found for “{q}”.", "Try fewer or other words.", "Did you mean", "Most read",
        "Ask us", "All", "Show more", "The search could not be loaded. Please try again.",
        "Category", "Product", "Audience", "Priority", "Freshness",
        "Up to date", "Not reviewed yet", "Review is due", "Machine translation", "Out of date", "Wrong in parts",
        "Trial", "Not translated",
    ),
    "de": (
        "Treffer: {n}", "Nichts gefunden für „{q}“.", "Versuchen Sie es mit weniger oder anderen Wörtern.",
        "Meinten Sie", "Am meisten gelesen", "Fragen Sie uns", "Alle", "Mehr zeigen",
        "Die Suche konnte nicht geladen werden. Bitte versuchen Sie es noch einmal.",
        "Kategorie", "Produkt", "Zielgruppe", "Priorität", "Aktualität",
        "Aktuell", "Noch nicht geprüft", "Prüfung fällig", "Maschinell übersetzt", "Veraltet", "Teils falsch",
        "Probe", "Nicht übersetzt",
    ),
    "es": (
        "Resultados: {n}", "No se encontró nada para «{q}».", "Pruebe con menos palabras o con otras.",
        "Quizá quiso decir", "Lo más leído", "Pregúntenos", "Todo", "Mostrar más",
        "No se pudo cargar la búsqueda. Inténtelo de nuevo.",
        "Categoría", "Producto", "Público", "Prioridad", "Vigencia",
        "Al día", "Sin revisar todavía", "Revisión pendiente", "Traducción automática", "Desactualizado",
        "Erróneo en parte", "Prueba", "Sin traducir",
    ),
    "fr": (
        "Résultats : {n}", "Aucun résultat pour « {q} ».", "Essayez moins de mots, ou d’autres.",
        "Vouliez-vous dire", "Les plus lus", "Posez-nous la question", "Tout", "Afficher plus",
        "La recherche n’a pas pu être chargée. Veuillez réessayer.",
        "Catégorie", "Produit", "Public", "Priorité", "Fraîcheur",
        "À jour", "Pas encore vérifié", "À vérifier", "Traduction automatique", "Périmé", "Faux en partie",
        "Essai", "Non traduit",
    ),
    "it": (
        "Risultati: {n}", "Nessun risultato per «{q}».", "Provi con meno parole o con altre.", "Forse cercava",
        "I più letti", "Ci contatti", "Tutto", "Mostra altri", "Impossibile caricare la ricerca. Riprovi.",
        "Categoria", "Prodotto", "Pubblico", "Priorità", "Aggiornamento",
        "Aggiornato", "Non ancora verificato", "Da verificare", "Traduzione automatica", "Superato", "In parte errato",
        "Prova", "Non tradotto",
    ),
    "pt": (
        "Resultados: {n}", "Nada encontrado para “{q}”.", "Tente menos palavras ou outras.", "Você quis dizer",
        "Mais lidos", "Fale conosco", "Tudo", "Mostrar mais", "Não foi possível carregar a busca. Tente de novo.",
        "Categoria", "Produto", "Público", "Prioridade", "Atualidade",
        "Atual", "Ainda não revisto", "Revisão pendente", "Tradução automática", "Desatualizado", "Errado em parte",
        "Teste", "Não traduzido",
    ),
    "nl": (
        "Resultaten: {n}", "Niets gevonden voor “{q}”.", "Probeer minder of andere woorden.", "Bedoelde u",
        "Meest gelezen", "Vraag het ons", "Alles", "Meer tonen",
        "De zoekfunctie kon niet worden geladen. Probeer het opnieuw.",
        "Categorie", "Product", "Doelgroep", "Prioriteit", "Actualiteit",
        "Actueel", "Nog niet nagekeken", "Controle nodig", "Machinevertaling", "Verouderd", "Deels onjuist",
        "Proef", "Niet vertaald",
    ),
    "ar": (
        "النتائج: {n}", "لم يُعثر على شيء عن «{q}».", "جرّب كلمات أقل أو كلمات أخرى.", "هل تقصد", "الأكثر قراءة",
        "اسألنا", "الكل", "عرض المزيد", "تعذّر تحميل البحث. يُرجى المحاولة مرة أخرى.",
        "الفئة", "المنتج", "الجمهور", "الأولوية", "الحداثة",
        "محدّث", "لم تُراجَع بعد", "حان موعد مراجعته", "ترجمة آلية", "قديم", "خاطئ جزئيًا",
        "تجربة", "غير مترجم",
    ),
    "ja": (
        "検索結果：{n} 件", "「{q}」に一致する記事は見つかりませんでした。",
        "言葉を減らすか、別の言葉でお試しください。",
        "もしかして", "よく読まれている記事", "お問い合わせ", "すべて", "さらに表示",
        "検索を読み込めませんでした。もう一度お試しください。",
        "カテゴリ", "製品", "対象", "優先度", "鮮度",
        "最新", "未点検", "要確認", "機械翻訳", "内容が古い", "一部に誤り", "試験", "未翻訳",
    ),
    "zh": (
        "搜索结果：{n} 条", "没有找到与“{q}”相关的内容。", "请减少关键词或换一个词。", "您是不是要找", "阅读最多",
        "联系我们", "全部", "显示更多", "搜索加载失败，请重试。", "类别", "产品", "受众", "优先级", "时效",
        "最新", "尚未检查", "待检查", "机器翻译", "已过时", "部分有误", "试验", "未翻译",
    ),
}  # fmt: skip


def messages(locale: str) -> Mapping[str, str]:
    """Every message in the locale's language, or in English."""
    words = _WORDS.get(re.split("[-_]", locale)[0].lower(), _WORDS["en"])
    return dict(zip(_KEYS, words, strict=True))
