//! Words that say little: those with which people ask, and those that hold sentences together.
//!
//! A handbook hardly ever says `I` or `my`, so they would weigh as much as rare words do, and questions are full of them.
//! They are not left out of the index: words in a row are found with them.

/// The words by language, folded.
const WORDS: &[(&str, &str)] = &[
    (
        "en",
        "a about after all also am an and another any anybody anyone anything are as at be been before being but by \
         can could did do does doing else for from get gets getting give go goes going got had happen happened \
         happens has have having he her here hers him his how i if in into is it its just know let like look make \
         many may me mean means might mine much must my need needs no nobody nor not nothing now of off on once one \
         only or other our ours out over own per please put s same say says see shall she should so some somebody \
         someone something such tell than that the their theirs them then there these they thing things this those \
         through to too under until up upon us use used very want wants was we were what when where whether which \
         while who whom whose why will with within without would you your yours",
    ),
    (
        "de",
        "aber alle als also am an auch auf aus bei bin bis da damit dann das dass dem den der des die dies diese \
         dieser dieses doch du durch ein eine einem einen einer eines er es fur gibt hab habe haben hat hatte ich \
         ihr im in ist ja kann kein keine konnen machen man mein meine meinem meinen meiner mich mir mit muss nach \
         nicht noch nur ob oder ohne sein sich sie sind so soll sollte uber um und uns unser unsere vom von vor \
         wann war warum was wenn wer werden wie wir wird wo zu zum zur",
    ),
    (
        "fr",
        "a ai au aux avec avoir c ce ces cet cette comment d dans de des dois doit du elle en est et etre faire \
         fait il ils j je l la le les leur lui m ma mais me mes moi mon n ne nos notre nous on ou par pas peut \
         peux plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa se ses si son sont sur t ta \
         te tes tu un une vos votre vous y",
    ),
    (
        "es",
        "a al algo como con cual cuando cuanto de del desde donde e el ella ellos en es esa ese eso esta estan \
         este esto estoy fue ha hacer hago hay la las le les lo los me mi mis mucho muy no nos nuestra nuestro o \
         para pero por porque puede puedo que quien se ser si sin sobre son su sus tambien te tengo tiene todo tu \
         tus un una uno y ya yo",
    ),
    (
        "it",
        "a ad ai al alla alle anche che chi ci come con cosa da dal dalla de dei del della delle devo di dove e ed \
         gli ha ho i il in io la le lo ma mi mia mie miei mio ne nei nel nella noi non o per perche piu posso puo \
         qual quale quando quanto se sei si sia sono su sua sul sulla suo ti tra tu un una uno voi",
    ),
    (
        "pt",
        "a ao aos as com como da das de do dos e ela ele em entre era esta este estou eu faco fazer foi ha isso \
         isto ja mais mas me meu meus minha minhas muito na nao nas no nos nossa nosso o onde os ou para pela pelo \
         por porque posso qual quando que quem sao se sem ser seu so sua tem tenho um uma voce",
    ),
    (
        "nl",
        "aan al als bij dan dat de der deze die dit doe door een en er ga heb hebben heeft het hier hij hoe ik in \
         is ja je kan kun maar me met mijn moet na naar niet nog nu of om onze ook op over te tot u uit van veel \
         voor waar waarom wanneer was wat we wel wie wij wordt zich zijn zo",
    ),
];

/// The words of these languages, sorted. English is spoken on every site.
pub fn stop_words(languages: &[String]) -> Vec<String> {
    let own = |language: &str| language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let wanted: Vec<String> = languages.iter().map(|language| own(language)).chain(["en".to_string()]).collect();
    let lists = WORDS.iter().filter(|(language, _)| wanted.iter().any(|wanted| wanted == language));
    let mut words: Vec<String> = lists.flat_map(|(_, words)| words.split_whitespace()).map(str::to_string).collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::fold;

    #[test]
    fn words_are_as_the_index_writes_them() {
        let languages: Vec<String> = WORDS.iter().map(|(language, _)| format!("{language}-XX")).collect();
        assert!(stop_words(&languages).iter().all(|word| fold(word) == *word && !word.is_empty()));
        assert!(stop_words(&[]).contains(&"how".to_string()));
        assert!(!stop_words(&[]).contains(&"warum".to_string()));
        assert!(stop_words(&["de".to_string()]).contains(&"warum".to_string()));
    }
}
