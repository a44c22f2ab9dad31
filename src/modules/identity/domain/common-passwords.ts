/**
 * Passwords of ten characters and more that everybody tries first: keyboard walks, digits in a row, the usual words with the usual tails.
 * Shorter ones are refused for their length. In lower case.
 */
const COMMON: ReadonlySet<string> = new Set(
  `
0000000000 00000000000 000000000000 0123456789 0123456789a 0987654321 1010101010 1020304050 10203040506 1029384756 1111111111
11111111111 111111111111 1111122222 1112223334 1122334455 1212121212 1231231231 123123123123 1231231234 1234512345 1234554321 1234567890
12345678901 123456789012 1234567890123 1234567890a 1234567890abc 1234567890q 1234567890qw 1234567891 12345678910 123456789123 123456789a
123456789abc 123456789m 123456789q 123456789qwerty 123456789s 123456789z 123456abcdef 123456asdfgh 123456qwerty 12345qwert 12345qwerty
1234qwerasdf 123abc123abc 123qwe123qwe 123qwe456rty 123qweasdz 123qweasdzxc 12qwaszx12 1313131313 1357924680 1472583690 147258369a
1593574862 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz@wsx3edc 1qazxsw23edc 2020202020 2222222222
22222222222 222222222222 2468013579 3216549870 3333333333 33333333333 333333333333 4444444444 44444444444 444444444444 5432112345
5555555555 55555555555 555555555555 6543212345 6666666666 66666666666 666666666666 7418529630 7777777777 77777777777 777777777777
7894561230 8888888888 88888888888 888888888888 9638527410 9876543210 9876543211 9999999999 99999999999 999999999999 a123456789
a1234567890 aa123456789 aaaaaaaaaa aaaaaaaaaaa aaaaaaaaaaaa abc1234567 abc12345678 abc123456789 abc123abc123 abcd123456 abcd1234567
abcd12345678 abcd1234abcd abcdef1234 abcdef12345 abcdef123456 abcdefg123 abcdefg1234 abcdefg12345 abcdefg1234567 abcdefgh12 abcdefgh123
abcdefghij abcdefghijk abcdefghijkl abcdefghijklmnopqrstuvwxyz admin12345 admin123456 admin1234567 admin12345678 admin123456789
admin@1234 adminadmin adminadmin123 adminadminadmin administrator administrator1 administrator123 adminpassword alexander1 alexander12
asdasdasd1 asdasdasdasd asdf1234asdf asdfasdfasdf asdfghasdfgh asdfghjkl1 asdfghjkl123 asdfghjkl; asdfghjklqwertyuiop asdfghjklz
asdfqwerzxcv asshole123 asshole1234 australia1 australia123 autumn2023 autumn2024 autumn2025 autumn2026 azerty1234 azerty12345
azerty123456 azertyuiop azertyuiop123 barcelona1 barcelona10 barcelonafc baseball01 baseball07 baseball10 baseball11 baseball12
baseball123 baseball1234 baseball13 baseball22 basketball basketball1 basketball12 basketball123 basketball23 beautiful1 beautiful12
beautiful123 bestfriend bestfriend1 bismillah1 bismillah123 blackberry blackberry1 blink18212 blink182blink182 boyfriend1 butterfly1
butterfly12 butterfly123 butterfly2 butterfly7 california california1 changeme!! changeme12 changeme123 changeme123! changeme1234
changeme12345 changemenow changemeplease cheesecake cheesecake1 chocolate1 chocolate12 chocolate123 chocolate2 chocolate7 chocolatecake
christian1 christian12 christopher christopher1 cinderella cinderella1 company123 company1234 company12345 computer12 computer123
computer1234 correcthorsebatterystaple default123 default1234 defaultpassword demo123456 demo1234567 demodemodemo demopassword
dragon1234 dragon12345 dragon123456 dragondragon elizabeth1 elizabeth12 football01 football07 football10 football11 football12
football123 football1234 football22 footballfootball fuckyou123 fuckyou1234 fuckyou2016 fuckyoubitch girlfriend girlfriend1 godisgood1
godisgood123 grandmother guest12345 guest123456 guestguest harrypotter harrypotter1 harrypotter7 hello12345 hello123456 hellohello
helloworld helloworld1 helloworld123 iloveyou12 iloveyou123 iloveyou1234 iloveyou12345 iloveyoubabe iloveyoubaby iloveyouever
iloveyouforever iloveyouiloveyou iloveyoujesus iloveyoumom iloveyouso indonesia1 indonesia123 internet12 internet123 internet1234
inventory1 inventory123 jennifer12 jennifer123 jesuschrist jesuschrist1 jesusislord jesusislord1 jordan1234 jordan12345 jordan2323
justinbieber justinbieber1 lastfmpassword letmein123 letmein1234 letmein12345 letmein123456 letmeinletmein letmeinnow letmeinplease
liverpool08 liverpool1 liverpool12 liverpool123 liverpool8 liverpoolfc lkjhgfdsaq lovelove12 lovelovelove management manchester
manchester1 manchesterunited master1234 master12345 master123456 mastermaster michael123 michael1234 michael12345 michelle12 michelle123
mnbvcxz123 monkey1234 monkey12345 monkey123456 monkeymonkey motherfucker motherfucker1 motorcycle motorcycle1 mynameisjohn mynameismike
mypassword mypassword1 mypassword12 mypassword123 newpassword newpassword1 newpassword123 nopassword nothing123 nothing1234 onedirection
onedirection1 p@ssw0rd1! p@ssw0rd12 p@ssw0rd123 p@ssw0rd123! p@ssw0rd1234 p@ssword12 p@ssword123 p@ssword123! p@ssword1234 pa$$word12
pa$$word123 pa$$word1234 pa55word12 pa55word123 pa55word1234 pakistan12 pakistan123 passphrase passphrase1 passw0rd01 passw0rd1!
passw0rd12 passw0rd123 passw0rd123! passw0rd1234 passw0rd12345 passw0rd2024 passw0rd2025 passw0rd2026 passw0rd@123 password!! password#1
password00 password01 password1! password11 password12 password12! password123 password123! password1234 password12345 password123456
password1234567 password12345678 password123456789 password2019 password2020 password2021 password2022 password2023 password2024
password2025 password2026 password69 password99 password@123 passwordabc passwordpassword passwordqwerty poiuytrewq pokemon123
pokemon1234 pokemon12345 princess01 princess07 princess11 princess12 princess123 princess1234 princess12345 princess13 princessprincess
q123456789 q1234567890 q1w2e3r4t5 q1w2e3r4t5y6 q1w2e3r4t5y6u7 qazwsx123456 qazwsxedc1 qazwsxedc123 qazwsxedcrfv qazwsxedcrfvtgb
qazxswedcvfr quartermaster quartermaster1 quartermaster123 qwaszxqwaszx qwe123qwe123 qweasd123456 qweqweqwe1 qweqweqweqwe qwer1234qwer
qwerty1234 qwerty12345 qwerty123456 qwerty1234567 qwerty123456789 qwerty123qwerty qwerty2020 qwerty2021 qwerty2022 qwerty2023 qwerty2024
qwerty2025 qwerty2026 qwertypassword qwertyqwerty qwertyu123 qwertyuiop qwertyuiop1 qwertyuiop12 qwertyuiop123 qwertyuiop1234567890
qwertyuiop2024 qwertyuiop[] qwertyuiop[]\\ qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwertz1234 qwertz123456 qwertzuiop realmadrid
realmadrid1 restaurant secret1234 secret12345 secret123456 secretpassword secretsecret shadow1234 shadow12345 shadow123456 shadowshadow
skateboard skateboard1 spiderman1 spiderman12 spiderman123 spiderman3 spring2023 spring2024 spring2025 spring2026 starwars12 starwars123
strawberry strawberry1 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 summer2026 summertime123 sunshine01 sunshine07
sunshine11 sunshine12 sunshine123 sunshine1234 sunshine12345 sunshine13 sunshine99 sunshinesunshine superman01 superman07 superman12
superman123 superman1234 supermansuperman temporary1 temporary123 temppass12 temppass123 temppassword test123456 test1234567
test12345678 test123456789 testing123 testing1234 testpassword testtest12 testtest123 testtest1234 testtesttest testtesttesttest
testuser123 thepassword thepassword1 tinkerbell tinkerbell1 trustno112 trustno1123 trustno1trustno1 university university1 user123456
user1234567 userpassword volleyball volleyball1 washington washington1 watermelon watermelon1 welcome123 welcome123! welcome1234
welcome12345 welcome123456 welcome2020 welcome2021 welcome2022 welcome2023 welcome2024 welcome2025 welcome2026 welcome@123
welcomewelcome wertyuiop1 whatever12 whatever123 whatever1234 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025
winter2026 yourpassword zaq12wsxcde3 zaq1xsw2cde3 zaq1zaq1zaq1 zxcv1234zxcv zxcvbnm,./ zxcvbnm123 zxczxczxczxc
`
    .trim()
    .split(/\s+/),
);

/** Compared without case. One character over and over is common however long it is. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase()) || /^(.)\1*$/su.test(password);
